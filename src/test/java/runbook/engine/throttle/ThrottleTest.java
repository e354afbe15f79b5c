package runbook.engine.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.Eventually;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.engine.Owners;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Runs;
import runbook.engine.Scripts;
import runbook.message.Admit;
import runbook.message.Limits;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.message.Start;
import runbook.message.StartInput;
import runbook.migrations.Bundled;
import runbook.spi.Backfill;

/** What becomes of a wait: limits that are changed, signals that stay unreadable, runs that are taken over. */
class ThrottleTest {

    private static final Limits OFF = new Limits(Map.of(), List.of("custom"));

    @RegisterExtension
    final TestPostgres postgres =
            TestPostgres.prepared("dial", session -> Gauged.run(session, "create table public.dial as select 0 as n"));

    private Gauged gauged;
    private PhaseRequest request;
    private Throttle throttle;

    @BeforeEach
    void open() {
        gauged = new Gauged(postgres.database());
        Scripts.install(gauged.target);
        Backfill backfill = Bundled.migrations().get(0).backfills().get(0);
        Start start = StartInput.of(Map.of(
                        "migration",
                        "m",
                        "target",
                        postgres.target(),
                        "custom",
                        "select n from public.dial",
                        "limits",
                        Map.of("custom", 10)))
                .start();
        Runs.Owned owned = Runs.own(gauged.target, new Admit(start, List.of(), "m", "r"), "d", Owners.nobody());
        request = new PhaseRequest(owned.run(), start, Phase.BACKFILL, 1);
        throttle = new Throttle(gauged.target, request, new Throttle.Place(backfill, 0), Duration.ZERO);
    }

    @AfterEach
    void close() {
        gauged.close();
    }

    private boolean holds(Limits limits) {
        return throttle.holds(limits, Pulse.NONE);
    }

    private void dial(int number) {
        gauged.target.dsl().execute("update public.dial set n = " + number);
    }

    private double lasting() {
        return Objects.requireNonNull(throttlings().get(0).lasting());
    }

    private List<Throttlings.Line> throttlings() {
        return Throttlings.of(gauged.target.dsl(), request.run().id());
    }

    @Test
    void a_limit_that_is_changed_lets_go_at_the_next_look() {
        dial(11);
        assertThat(holds(request.start().limits())).isTrue();
        assertThat(Throttlings.now(throttlings())).startsWith("custom query (11, limit 10) for ");

        assertThat(holds(request.start().limits().with(OFF))).isFalse();

        assertThat(Throttlings.now(throttlings())).isEmpty();
        assertThat(Throttlings.lost(throttlings()).get("custom")).isBetween(1_000L, 5_000L);
    }

    @Test
    void looks_once_a_second_or_when_limits_change() {
        assertThat(holds(request.start().limits())).isFalse();
        dial(11);

        assertThat(holds(request.start().limits())).isFalse();
        assertThat(holds(request.start().limits().with(new Limits(Map.of("custom", 5.0), List.of()))))
                .isTrue();
    }

    @Test
    void throttlings_by_the_same_signal_are_added_up() {
        Limits limits = request.start().limits();
        for (int number : List.of(11, 11, 0, 11)) {
            dial(number);
            holds(number == 0 ? limits.with(OFF) : limits);
        }

        Throttlings.Line line = throttlings().get(0);
        assertThat(throttlings()).hasSize(1);
        assertThat(line.times()).isEqualTo(2);
        assertThat(line.lostMillis()).isBetween(2_000L, 8_000L);
        assertThat(line.lasting()).isNotNull();
    }

    @Test
    void what_passes_between_two_looks_is_not_lost_to_the_signal() throws Exception {
        Limits limits = request.start().limits();
        dial(11);
        holds(limits);

        Eventually.holds("three seconds pass", Duration.ofSeconds(20), () -> lasting() >= 3);
        holds(limits);
        dial(0);
        holds(limits.with(OFF));

        assertThat(Throttlings.lost(throttlings()).get("custom")).isBetween(2_000L, 2_900L);
    }

    @Test
    void parks_when_a_signal_stays_unreadable() {
        gauged.target.dsl().execute("drop table public.dial");
        assertThat(holds(request.start().limits())).isTrue();

        assertThatThrownBy(() -> holds(request.start().limits()))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageStartingWith("m: backfill '")
                .hasMessageContaining(
                        "the signal custom could not be read for 0 s: SQLSTATE 42P01. What was done stays")
                .hasMessageEndingWith("send the signal 'retry', or 'rollback'.");
        assertThat(Throttlings.now(throttlings())).isEmpty();
    }

    @Test
    void parks_with_the_grant_when_the_right_to_see_others_is_gone() throws Exception {
        try (Connection admin = gauged.session(Role.SUPERUSER, "revoke pg_monitor from runbook")) {
            try {
                assertThat(holds(request.start().limits())).isTrue();

                assertThatThrownBy(() -> holds(request.start().limits()))
                        .isInstanceOf(RunbookException.Parked.class)
                        .hasMessageContaining("the signal replicaLag could not be read")
                        .hasMessageContaining("GRANT pg_monitor TO runbook;");
            } finally {
                Gauged.run(admin, "grant pg_monitor to runbook");
            }
        }
    }

    @Test
    void a_former_owner_writes_nothing() {
        dial(11);
        gauged.target.dsl().execute("update runbook.migration_run set epoch = 2");

        assertThatThrownBy(() -> holds(request.start().limits())).isInstanceOf(RunbookException.Fenced.class);
        assertThat(throttlings()).isEmpty();
    }
}
