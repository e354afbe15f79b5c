package runbook.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.engine.Pulse;
import runbook.engine.Target;
import runbook.engine.Targets;

class AttendedTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private final Targets targets = new Targets();

    @AfterEach
    void close() {
        targets.close();
    }

    @Test
    void beats_while_one_statement_takes_long() throws Exception {
        Target target = targets.named(postgres.target());
        AtomicInteger beats = new AtomicInteger();

        try (Session session = new Session(target.sessions(), target.dsl())) {
            Attended attended = new Attended(detail -> beats.incrementAndGet(), () -> "asleep", session::cancel);
            attended.run(() -> session.dsl().execute("select pg_sleep(2.5)"));
        }

        assertThat(beats.get()).isBetween(3, 5);
    }

    @Test
    void ends_the_statement_when_it_is_no_longer_wanted() throws Exception {
        Target target = targets.named(postgres.target());
        AtomicInteger beats = new AtomicInteger();
        CancellationException unwanted = new CancellationException("no longer wanted");
        Pulse pulse = detail -> {
            if (beats.incrementAndGet() == 2) {
                throw unwanted;
            }
        };

        long began = System.nanoTime();
        try (Session session = new Session(target.sessions(), target.dsl())) {
            Attended attended = new Attended(pulse, () -> "asleep", session::cancel);
            assertThatThrownBy(() -> attended.run(() -> session.dsl().execute("select pg_sleep(60)")))
                    .isSameAs(unwanted);
        }

        assertThat(System.nanoTime() - began).isLessThan(10_000_000_000L);
    }

    @Test
    void the_first_failure_stops_the_others_and_is_the_one_that_is_thrown() {
        AtomicInteger cancelled = new AtomicInteger();
        Attended attended = new Attended(Pulse.NONE, () -> "work", cancelled::incrementAndGet);
        IllegalStateException broken = new IllegalStateException("broken");
        List<Callable<String>> works = List.of(
                () -> {
                    while (cancelled.get() == 0) {
                        LockSupport.parkNanos(1_000_000); // as a statement: it does not feel an interrupt
                    }
                    throw new IllegalStateException("cancelled");
                },
                () -> {
                    throw broken;
                });

        assertThatThrownBy(() -> attended.run(works, 2)).isSameAs(broken);
    }
}
