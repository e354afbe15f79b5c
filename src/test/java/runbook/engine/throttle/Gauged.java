package runbook.engine.throttle;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.DoublePredicate;
import runbook.Eventually;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.Role;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.message.Signal;

/** A touched table, {@code public.touched}, and what the gauges say about it and its server. */
final class Gauged implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final Targets targets = new Targets();
    private final DevDatabase database;
    final Target target;
    final Gauges gauges;

    Gauged(DevDatabase database) {
        this.database = database;
        this.target = targets.named(database.service(Role.RUNBOOK));
        target.dsl().execute("create table public.touched (id int primary key, v text)");
        target.dsl().execute("alter table public.touched set (autovacuum_enabled = off)");
        target.dsl().execute("insert into public.touched select n, 'v' from generate_series(1, 100) n");
        long table = target.dsl()
                .fetchSingle("select 'public.touched'::regclass::oid::bigint")
                .get(0, Long.class);
        this.gauges = new Gauges(target, List.of(table), 2);
    }

    double says(Signal signal) {
        Reading reading = Objects.requireNonNull(gauges.read(List.of(signal)).get(signal));
        return Objects.requireNonNull(reading.number(), reading.why());
    }

    void awaits(Signal signal, DoublePredicate expected) throws Exception {
        Eventually.holds(signal + " is as expected", SOON, () -> expected.test(says(signal)));
    }

    Connection session(Role role, String... statements) throws SQLException {
        Connection session = database.connect(role);
        for (String sql : statements) {
            run(session, sql);
        }
        return session;
    }

    static void run(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a statement beside the test; how it ends is of no interest. */
    static Thread beside(Connection session, String sql) {
        Thread thread = new Thread(() -> {
            try {
                run(session, sql);
            } catch (SQLException ended) {
                // Cancelled, or the victim of a deadlock: the test wanted the wait, not the result.
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() {
        targets.close();
    }
}
