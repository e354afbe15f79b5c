package runbook.engine.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.DevPostgres;
import runbook.cli.dev.Role;
import runbook.cli.dev.Standby;
import runbook.message.Signal;

/** The signals that take a server of their own: an archiver, a busy autovacuum, a replica. */
@Timeout(90)
class ServerGaugesTest {

    /** A second of waiting for every page, so that a vacuum of a few pages lasts as long as the test looks. */
    private static final String SLOW =
            "alter table public.touched set (autovacuum_enabled = on, autovacuum_vacuum_cost_delay = 100,"
                    + " autovacuum_vacuum_cost_limit = 1";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @AfterEach
    void goBackToTheSharedServer() {
        postgres.server().publish();
    }

    @Test
    void segments_that_the_archiver_refuses_queue_up() throws Exception {
        try (DevPostgres own = DevPostgres.start(
                DevPostgres.Options.temporary().with("archive_mode", "on").with("archive_command", "false"))) {
            own.publish();
            try (Gauged gauged = new Gauged(own.dev());
                    Connection admin = gauged.session(Role.SUPERUSER)) {
                double before = gauged.says(Signal.ARCHIVE_QUEUE);
                for (int i = 0; i < 3; i++) {
                    Gauged.run(admin, "select pg_logical_emit_message(true, 'x', 'x')");
                    Gauged.run(admin, "select pg_switch_wal()");
                }

                gauged.awaits(Signal.ARCHIVE_QUEUE, number -> number >= before + 2);
            }
        }
    }

    @Test
    void an_autovacuum_worker_on_a_touched_table_is_seen_and_so_is_its_reason() throws Exception {
        try (DevPostgres own = DevPostgres.start(DevPostgres.Options.temporary().with("autovacuum_naptime", "1s"))) {
            own.publish();
            try (Gauged gauged = new Gauged(own.dev())) {
                assertThat(gauged.says(Signal.AUTOVACUUM)).isZero();
                gauged.target.dsl().execute("update public.touched set v = repeat(md5(id::text), 60)");
                gauged.target
                        .dsl()
                        .execute(SLOW + ", autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0)");

                gauged.awaits(Signal.AUTOVACUUM, number -> number == 1);

                assertThat(gauged.says(Signal.WRAPAROUND)).isZero();
            }
        }
    }

    @Test
    void a_vacuum_against_wrap_around_is_told_from_others() throws Exception {
        try (DevPostgres own = DevPostgres.start(DevPostgres.Options.temporary().with("autovacuum_naptime", "1s"))) {
            own.publish();
            try (Gauged gauged = new Gauged(own.dev())) {
                gauged.target.dsl().execute("update public.touched set v = repeat(md5(id::text), 60)");
                gauged.target.dsl().execute(SLOW + ", autovacuum_freeze_max_age = 100000)");
                gauged.target
                        .dsl()
                        .execute("do $$ begin for i in 1..100100 loop"
                                + " perform pg_current_xact_id(); commit; end loop; end $$");

                gauged.awaits(Signal.WRAPAROUND, number -> number == 1);
            }
        }
    }

    @Test
    void a_replica_that_does_not_replay_falls_behind() throws Exception {
        try (DevPostgres primary = DevPostgres.start(DevPostgres.Options.temporary())) {
            primary.stopImmediately();
            try (Standby standby = Standby.following(primary)) {
                primary.resume();
                primary.publish();
                try (Gauged gauged = new Gauged(primary.dev());
                        Connection replica = standby.connect()) {
                    String streaming = "select count(*) from pg_stat_replication where state = 'streaming'";
                    gauged.awaits(
                            Signal.REPLICA_LAG,
                            number -> gauged.target.dsl().fetchSingle(streaming).get(0, Long.class) == 1);
                    gauged.target.dsl().execute("update public.touched set v = 'seen'");
                    gauged.awaits(Signal.REPLICA_LAG, number -> number > 0);

                    Gauged.run(replica, "select pg_wal_replay_pause()");
                    gauged.target.dsl().execute("update public.touched set v = 'unseen'");
                    gauged.awaits(Signal.REPLICA_LAG, number -> number > 2);

                    Gauged.run(replica, "select pg_wal_replay_resume()");
                    gauged.awaits(Signal.REPLICA_LAG, number -> number < 2);
                }
            }
        }
    }
}
