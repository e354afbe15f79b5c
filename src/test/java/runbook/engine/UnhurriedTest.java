package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.OwnThread;
import runbook.cli.dev.Role;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;

/** What refreshes statistics outlasts an autovacuum, which keeps its lock until somebody has waited for a second. */
class UnhurriedTest extends OneCopy {

    private static final long LONGER_THAN_A_USUAL_LOCK_WAIT = 800;

    private Connection autovacuum;

    UnhurriedTest() {
        super(300);
    }

    @BeforeEach
    void connect() throws Exception {
        autovacuum = postgres.database().connect(Role.RUNBOOK);
        autovacuum.setAutoCommit(false);
    }

    @AfterEach
    void disconnect() throws Exception {
        autovacuum.close();
    }

    private void works(String table) throws Exception {
        autovacuum.createStatement().execute("lock table " + table + " in share update exclusive mode");
    }

    private void awaitWait(CompletableFuture<?> work) throws Exception {
        Eventually.holds(
                "it waits",
                Duration.ofSeconds(20),
                () -> work.isDone()
                        || rig.number("select count(*) from pg_locks where not granted and mode ="
                                        + " 'ShareUpdateExclusiveLock' and waitstart < clock_timestamp() - interval '"
                                        + LONGER_THAN_A_USUAL_LOCK_WAIT + " ms'")
                                == 1);
        assertThat(work).isNotDone();
    }

    @Test
    void statistics_before_the_copy_wait_for_it() throws Exception {
        rig.sql("insert into copying.source select n, 'v' from generate_series(301, 30000) n");
        rig.sql("select pg_stat_force_next_flush()");
        works("copying.source");
        CompletableFuture<PhaseRequest> begun =
                CompletableFuture.supplyAsync(() -> rig.begin(insert, Map.of()), OwnThread.EACH);

        awaitWait(begun);
        autovacuum.commit();

        begun.get(20, TimeUnit.SECONDS);
        assertThat(rig.number("select reltuples::bigint from pg_class where oid = 'copying.source'::regclass"))
                .isEqualTo(30_000);
    }

    @Test
    void the_vacuum_after_the_copy_waits_for_it() throws Exception {
        PhaseRequest request = rig.begin(insert, Map.of());
        rig.slots(request, insert, 1);
        works("copying.target");
        CompletableFuture<PhaseReport> finished =
                CompletableFuture.supplyAsync(() -> rig.copy(request, insert, 1), OwnThread.EACH);

        awaitWait(finished);
        autovacuum.commit();

        assertThat(finished.get(20, TimeUnit.SECONDS).verdict()).isEqualTo(Verdict.PASSED);
        assertThat(rig.number("select reltuples::bigint from pg_class where oid = 'copying.target'::regclass"))
                .isEqualTo(300);
    }

    @Test
    void it_ends_when_it_is_cancelled_and_its_session_waits_for_locks_as_before() throws Exception {
        works("copying.source");
        AtomicReference<Thread> thread = new AtomicReference<>();
        AtomicReference<String> after = new AtomicReference<>();
        CompletableFuture<Void> vacuum = CompletableFuture.runAsync(
                () -> {
                    thread.set(Thread.currentThread());
                    try {
                        rig.target.unhurried(DSL.query("vacuum copying.source"));
                    } finally {
                        after.set(rig.text("show lock_timeout"));
                    }
                },
                OwnThread.EACH);
        awaitWait(vacuum);

        rig.target.cancel(thread.get());

        assertThatThrownBy(() -> vacuum.get(20, TimeUnit.SECONDS)).hasStackTraceContaining("canceling statement");
        assertThat(after).hasValue("500ms");
    }
}
