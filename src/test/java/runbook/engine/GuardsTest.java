package runbook.engine;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.Eventually;
import runbook.OwnThread;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.message.CheckVerdict;
import runbook.message.Phase;
import runbook.message.Verdict;

/** What holds a switch up: it is named, it is waited for where that may help, and nothing is changed meanwhile. */
class GuardsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final String SWITCHED = "select count(*) from runbook.switched";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @AfterEach
    void close() {
        ground.close();
    }

    private void ground(Map<String, Object> limits) throws Exception {
        ground = new Ground(postgres, 50, Map.of("limits", limits)).expanded().copied();
        Ground.passes(ground.validated());
    }

    private List<CheckVerdict> verdicts(Duration patience) {
        return new Guards(ground.target, ground.at(Phase.CUTOVER), patience).verdicts(Pulse.NONE);
    }

    private Connection older(Duration age) throws Exception {
        Connection session = postgres.database().connect(Role.APP);
        session.setAutoCommit(false);
        session.createStatement().executeQuery("select count(*) from individual_process_status.individual_processes");
        Eventually.holds("a transaction is old", Duration.ofSeconds(20), () -> !Blockers.openFor(ground.target, age)
                .isEmpty());
        return session;
    }

    private static void rollBack(Connection session) {
        try {
            session.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_transaction_that_stays_open_is_named_by_process_and_age_when_the_time_is_over() throws Exception {
        ground(Map.of("oldestSnapshot", "PT1S"));
        try (Connection session = older(Duration.ofMillis(1_100))) {
            List<CheckVerdict> verdicts = verdicts(PATIENCE);

            assertThat(verdicts)
                    .filteredOn(check -> check.verdict() != Verdict.PASSED)
                    .singleElement()
                    .satisfies(check -> assertThat(check.note())
                            .matches("(?s)pid \\d+ \\(.*idle in transaction, transaction open for \\d+ s.*\\);"
                                    + " 1 s are allowed. It was waited for 1 s, then nothing was switched"));
            session.rollback();
        }
        assertThat(verdicts(PATIENCE)).extracting(CheckVerdict::verdict).containsOnly(Verdict.PASSED);
    }

    @Test
    void a_transaction_that_ends_meanwhile_was_only_waited_for() throws Exception {
        ground(Map.of("oldestSnapshot", "PT1S"));
        try (Connection session = older(Duration.ofMillis(1_100))) {
            CompletableFuture<Void> ended = CompletableFuture.runAsync(
                    () -> rollBack(session), CompletableFuture.delayedExecutor(1_500, MILLISECONDS, OwnThread.EACH));

            assertThat(verdicts(Duration.ofSeconds(20)))
                    .extracting(CheckVerdict::verdict)
                    .containsOnly(Verdict.PASSED);
            ended.join();
        }
    }

    @Test
    void a_session_that_calls_itself_like_ours_is_somebody_elses_all_the_same() throws Exception {
        ground(Map.of("oldestSnapshot", "PT1S"));
        try (Connection session = older(Duration.ofMillis(1_100))) {
            session.createStatement().execute("set application_name = 'runbook'");

            assertThat(verdicts(PATIENCE)).extracting(CheckVerdict::verdict).contains(Verdict.FAILED);
            session.rollback();
        }
    }

    @Test
    void without_the_right_to_see_others_nothing_is_switched() throws Exception {
        ground(Map.of());
        try (Connection admin = postgres.database().connect(Role.SUPERUSER)) {
            admin.createStatement().execute("revoke pg_monitor from runbook");
            try {
                assertThat(verdicts(PATIENCE))
                        .filteredOn(check -> check.name().equals(Guards.TRANSACTIONS))
                        .singleElement()
                        .satisfies(check -> {
                            assertThat(check.verdict()).isEqualTo(Verdict.NOT_VERIFIED);
                            assertThat(check.note()).contains("GRANT pg_monitor");
                        });
            } finally {
                admin.createStatement().execute("grant pg_monitor to runbook");
            }
        }
    }

    @Test
    void a_limit_that_is_off_lets_long_transactions_be() throws Exception {
        ground(Map.of("oldestSnapshot", "off"));
        try (Connection session = older(Duration.ofMillis(1_100))) {
            assertThat(verdicts(PATIENCE)).extracting(CheckVerdict::verdict).containsOnly(Verdict.PASSED);
            session.rollback();
        }
    }

    @Test
    void a_proof_that_is_too_old_switches_nothing_until_it_is_renewed() throws Exception {
        ground(Map.of());
        ground.sql("update runbook.phase set ended_at = ended_at - interval '25 h' where phase = 'validation'");

        assertThat(ground.flipped(ground.firstStage()).problems())
                .containsExactly(
                        "individual_process_status: cutover: \"the newest validation passed and is fresh\": it is 25 h"
                                + " old, 24 h are allowed; 'retry' renews it. Correct it, then send the signal 'retry', or"
                                + " 'rollback'.");
        assertThat(ground.number(SWITCHED)).isZero();

        ground.again();
        Ground.passes(ground.validated());
        Ground.passes(ground.flipped(ground.firstStage()));
        assertThat(ground.number(SWITCHED)).isEqualTo(1);
    }

    @Test
    void a_proof_that_failed_or_was_never_made_switches_nothing() throws Exception {
        ground(Map.of());
        ground.sql("update runbook.check_result set verdict = 'not_verified' where phase = 'validation'"
                + " and name = 'no write waits in the journal'");

        assertThat(ground.flipped(ground.firstStage()).problems())
                .singleElement()
                .asString()
                .contains("it did not pass: no write waits in the journal");
        ground.adopted("second");
        assertThat(ground.flipped(ground.firstStage()).problems())
                .singleElement()
                .asString()
                .contains("there is none yet");
        assertThat(ground.number(SWITCHED)).isZero();
    }
}
