package runbook.activity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.Status;
import io.temporal.failure.ApplicationFailure;
import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import runbook.engine.RunbookException;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.StartInput;

/** What a failure tells: true in its phase, and no value of a row anywhere. */
class FailuresTest {

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Failures.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
    }

    @Test
    void offers_a_roll_back_only_while_there_is_one() {
        assertThat(Aftermath.of(at(Phase.SCHEMA, true)))
                .isEqualTo("Scripts that were applied stay; one that commits on its own may have left a part behind."
                        + " Send the signal 'retry' when it is cured, or 'rollback'.");
        assertThat(Aftermath.of(at(Phase.CLEANUP, false)))
                .endsWith("each happened or did not. Send the signal 'retry' when it is cured.");
        assertThat(Aftermath.of(at(Phase.BACKUP, false))).doesNotContain("rollback");
        assertThat(Aftermath.of(at(Phase.ROLLBACK, true))).doesNotContain("rollback");
    }

    @Test
    void tells_the_state_and_never_the_text_of_the_server() {
        SQLException server = new SQLException("Key (status)=(ocelot) already exists", "23505");

        ApplicationFailure failure = failed(new IllegalStateException("ocelot", server));

        assertThat(failure.getOriginalMessage())
                .isEqualTo("m: schema: problem 7. " + Aftermath.of(at(Phase.SCHEMA, true)));
        assertThat(failure.isNonRetryable()).isTrue();
        assertThat(failure.getCause()).isNull();
        assertThat(logged()).contains("SQLSTATE 23505").doesNotContain("ocelot");
    }

    @Test
    void a_fault_of_the_program_is_logged_with_its_place_and_without_its_words() {
        failed(new IllegalStateException("ocelot", new IllegalArgumentException("ocelot")));

        assertThat(logged())
                .contains("a fault of the program", "IllegalArgumentException", "FailuresTest")
                .doesNotContain("ocelot");
    }

    @Test
    void a_script_whose_run_has_another_owner_now_is_no_fault_and_no_problem() {
        ApplicationFailure failure = failed(new FlywayException(
                "V01__a.sql", new RunbookException.Fenced("m: run 1 belongs to owner 2, this is owner 1.")));

        assertThat(failure.getType()).isEqualTo("Fenced");
        assertThat(failure.getOriginalMessage()).isEqualTo("m: run 1 belongs to owner 2, this is owner 1.");
        assertThat(failure.isNonRetryable()).isTrue();
        assertThat(logged()).isEmpty();
    }

    @Test
    void a_lost_connection_is_tried_again_and_keeps_no_problem() {
        ApplicationFailure failure = failed(new IllegalStateException("ocelot", new SQLException("ocelot", "08006")));

        assertThat(failure.isNonRetryable()).isFalse();
        assertThat(failure.getOriginalMessage()).startsWith("m: schema: SQLSTATE 08006. ");
    }

    @Test
    void a_session_that_the_server_ended_under_a_frozen_worker_is_tried_again() {
        assertThat(failed(new IllegalStateException(new SQLException("idle", "25P03")))
                        .isNonRetryable())
                .isFalse();
    }

    @Test
    void a_temporal_that_does_not_answer_is_asked_again_and_its_words_are_kept_back() {
        ApplicationFailure failure =
                failed(Status.UNAVAILABLE.withDescription("ocelot").asRuntimeException());

        assertThat(failure.isNonRetryable()).isFalse();
        assertThat(failure.getOriginalMessage()).startsWith("m: schema: Temporal answered UNAVAILABLE. ");
        assertThat(failure.getCause()).isNull();
        assertThat(logged()).contains("UNAVAILABLE").doesNotContain("ocelot", "a fault of the program");
    }

    private static ApplicationFailure failed(RuntimeException error) {
        return catchThrowableOfType(
                ApplicationFailure.class,
                () -> Failures.mapped("m: schema", kept -> "problem 7", Aftermath.of(at(Phase.SCHEMA, true)), () -> {
                    throw error;
                }));
    }

    private String logged() {
        StringBuilder all = new StringBuilder();
        for (ILoggingEvent event : log.list) {
            all.append(event.getFormattedMessage()).append('\n');
            if (event.getThrowableProxy() != null) {
                all.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
        return all.toString();
    }

    private static PhaseRequest at(Phase phase, boolean reversible) {
        return new PhaseRequest(
                new Run("m", "t", 1, 1, "m", "first"),
                StartInput.of(Map.of("migration", "m", "target", "t")).start(),
                phase,
                1,
                false,
                reversible);
    }
}
