package runbook.engine.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.message.Signal;

/** Each signal rises on a real server when what it is named after happens there. */
class GaugesTest {

    private static final String CHANGE = "update public.touched set v = 'w' where id = 1";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Gauged gauged;

    @BeforeEach
    void open() {
        gauged = new Gauged(postgres.database());
    }

    @AfterEach
    void close() {
        gauged.close();
    }

    @Test
    void a_server_without_replica_archiver_and_slot_reads_zero() {
        for (Signal signal : List.of(Signal.REPLICA_LAG, Signal.ARCHIVE_QUEUE, Signal.SLOT_RETAINED)) {
            assertThat(gauged.says(signal)).as(signal.word()).isZero();
        }
    }

    @Test
    void who_waits_for_a_row_of_a_touched_table_is_a_lock_waiter() throws Exception {
        assertThat(gauged.says(Signal.LOCK_WAITERS)).isZero();

        try (Connection holder = gauged.session(Role.RUNBOOK, "begin", CHANGE);
                Connection waiter = gauged.session(Role.RUNBOOK)) {
            assertThat(gauged.says(Signal.LOCK_WAITERS)).isZero();
            Thread waiting = Gauged.beside(waiter, CHANGE);
            gauged.awaits(Signal.LOCK_WAITERS, number -> number == 1);
            Gauged.run(holder, "commit");
            waiting.join();
        }

        assertThat(gauged.says(Signal.LOCK_WAITERS)).isZero();
    }

    @Test
    void who_waits_for_another_table_is_none_and_neither_is_a_session_of_ours() throws Exception {
        gauged.target.dsl().execute("create table public.other as select 1 as id");
        try (Connection holder = gauged.session(Role.RUNBOOK, "begin", "lock table public.other", CHANGE);
                Connection elsewhere = gauged.session(Role.RUNBOOK);
                Connection ours = gauged.session(Role.RUNBOOK, "set application_name = 'runbook'")) {
            Thread first = Gauged.beside(elsewhere, "select * from public.other");
            Thread second = Gauged.beside(ours, CHANGE);
            gauged.awaits(
                    Signal.OLDEST_SNAPSHOT,
                    number -> gauged.target
                                    .dsl()
                                    .fetchSingle("select count(distinct pid) from pg_locks where not granted")
                                    .get(0, Long.class)
                            == 2);

            assertThat(gauged.says(Signal.LOCK_WAITERS)).isZero();
            Gauged.run(holder, "commit");
            first.join();
            second.join();
        }
    }

    @Test
    void a_session_that_works_is_active_and_one_that_sleeps_is_not() throws Exception {
        try (Connection sleeper = gauged.session(Role.RUNBOOK);
                Connection worker = gauged.session(Role.RUNBOOK)) {
            Thread sleeping = Gauged.beside(sleeper, "select pg_sleep(60)");
            Thread working = Gauged.beside(worker, "select count(*) from generate_series(1, 2000000000) n");
            // Of two cores one session is a half.
            gauged.awaits(Signal.ACTIVE_SESSIONS, number -> number == 0.5);
            worker.unwrap(org.postgresql.PGConnection.class).cancelQuery();
            working.join();
            gauged.awaits(Signal.ACTIVE_SESSIONS, number -> number == 0);
            sleeper.unwrap(org.postgresql.PGConnection.class).cancelQuery();
            sleeping.join();
        }
    }

    @Test
    void what_is_written_to_the_log_is_its_rate() throws Exception {
        assertThat(gauged.says(Signal.WAL_RATE)).isZero();

        gauged.target.dsl().execute("select pg_logical_emit_message(false, 'x', repeat('x', 5000000))");

        assertThat(gauged.says(Signal.WAL_RATE)).isGreaterThan(100_000);
    }

    @Test
    void the_oldest_snapshot_is_as_old_as_its_transaction() throws Exception {
        try (Connection reader =
                gauged.session(Role.RUNBOOK, "begin isolation level repeatable read", "select * from public.touched")) {
            gauged.awaits(Signal.OLDEST_SNAPSHOT, number -> number > 1);
            Gauged.run(reader, "commit");
        }
        gauged.awaits(Signal.OLDEST_SNAPSHOT, number -> number < 1);
    }

    @Test
    void rows_that_were_deleted_are_dead_until_a_vacuum() throws Exception {
        gauged.target.dsl().execute("insert into public.touched select n, 'v' from generate_series(101, 20000) n");
        gauged.target.dsl().execute("delete from public.touched where id > 100");

        gauged.awaits(Signal.DEAD_TUPLES, number -> number > 90);
        gauged.target.dsl().execute("vacuum public.touched");
        gauged.awaits(Signal.DEAD_TUPLES, number -> number == 0);
    }

    @Test
    void a_checkpoint_that_somebody_asked_for_is_counted_for_a_minute() throws Exception {
        double before = gauged.says(Signal.CHECKPOINTS);

        gauged.session(Role.SUPERUSER, "checkpoint").close();

        gauged.awaits(Signal.CHECKPOINTS, number -> number == before + 1);
    }

    @Test
    void a_slot_that_nobody_reads_keeps_the_log() throws Exception {
        try (Connection admin =
                gauged.session(Role.SUPERUSER, "select pg_create_physical_replication_slot('forgotten', true)")) {
            gauged.target.dsl().execute("select pg_logical_emit_message(false, 'x', repeat('x', 1000000))");

            assertThat(gauged.says(Signal.SLOT_RETAINED)).isGreaterThan(1_000_000);
            Gauged.run(admin, "select pg_drop_replication_slot('forgotten')");
        }
        assertThat(gauged.says(Signal.SLOT_RETAINED)).isZero();
    }

    @Test
    void a_deadlock_and_its_rollback_are_counted() throws Exception {
        double deadlocks = gauged.says(Signal.DEADLOCKS);
        double rollbacks = gauged.says(Signal.ROLLBACKS);
        String other = "update public.touched set v = 'w' where id = 2";

        try (Connection one = gauged.session(Role.SUPERUSER, "set deadlock_timeout = '50ms'", "begin", CHANGE);
                Connection two = gauged.session(Role.SUPERUSER, "set deadlock_timeout = '50ms'", "begin", other)) {
            Thread first = Gauged.beside(one, other);
            Thread second = Gauged.beside(two, CHANGE);
            first.join();
            Gauged.run(one, "rollback");
            second.join();
            Gauged.run(two, "rollback");
        }

        gauged.awaits(Signal.DEADLOCKS, number -> number == deadlocks + 1);
        gauged.awaits(Signal.ROLLBACKS, number -> number >= rollbacks + 1);
    }

    @Test
    void who_may_not_see_others_reads_nothing_and_is_told_the_grant() {
        List<Signal> server = Arrays.stream(Signal.values())
                .filter(signal -> signal != Signal.CUSTOM)
                .toList();
        try (Targets targets = new Targets()) {
            Target app = targets.named(postgres.database().service(Role.APP));

            Map<Signal, Reading> readings = new Gauges(app, List.of(), 2).read(server);

            assertThat(readings).hasSize(server.size());
            assertThat(readings.get(Signal.LOCK_WAITERS))
                    .isEqualTo(Reading.unreadable("the role may not see other sessions. GRANT pg_monitor TO app;"));
            assertThat(readings.values()).allMatch(reading -> reading.number() == null);
        }
    }
}
