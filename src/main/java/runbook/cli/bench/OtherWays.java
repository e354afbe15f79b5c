package runbook.cli.bench;

import static runbook.cli.bench.EngineCopy.SLOTS;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import runbook.cli.bench.BenchServer.Ground;
import runbook.cli.dev.Role;
import runbook.engine.Plan;

/** How people do it without the engine: one statement, or a loop of batches. */
final class OtherWays {

    private static final String CONSTRAINTS = """
            create index account_statuses_by_changed_by on bench.account_statuses (changed_by, changed_at);
            alter table bench.account_statuses
                add constraint status_of_account foreign key (account_id) references bench.accounts (id),
                add constraint status_by_person foreign key (changed_by) references bench.people (id)
            """;

    private static final String ONE_SHOT = """
            insert into bench.account_statuses (account_id, status, is_active, changed_by, changed_at)
            select id, status, true, created_by, created_at from bench.accounts
            """;

    private static final String BOUNDARY = """
            select max(id) from (select id from bench.accounts where id > ? and id <= ? order by id limit ?) batch
            """;

    private static final String CURSOR = "update bench_cursor set id = ?, rows = rows + ? where slot = ?";

    private OtherWays() {}

    /** One statement into the target as it will be in the end, every index and key in place. */
    static double oneShot(Ground ground) throws SQLException {
        EngineCopy.begin(ground.target(), BenchMigration.insert());
        ground.seconds(CONSTRAINTS);
        return ground.seconds(ONE_SHOT);
    }

    /** The engine's own batch statement, and nothing of the engine around it: a boundary, the batch, a cursor, COMMIT. */
    static double loop(Ground ground, int batchRows) throws Exception {
        EngineCopy.begin(ground.target(), BenchMigration.insert());
        ground.seconds("create table public.bench_cursor (slot int primary key, id bigint, rows bigint not null)");
        ground.seconds("insert into public.bench_cursor select slot, null, 0 from generate_series(0, 7) slot");
        long last = last(ground);
        ExecutorService threads = Executors.newFixedThreadPool(SLOTS);
        long began = System.nanoTime();
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int slot = 0; slot < SLOTS; slot++) {
                int number = slot;
                running.add(threads.submit(() -> {
                    loop(ground, number, new long[] {last * number / SLOTS, last * (number + 1) / SLOTS}, batchRows);
                    return null;
                }));
            }
            for (Future<?> slot : running) {
                slot.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private static void loop(Ground ground, int slot, long[] bounds, int batchRows) throws SQLException {
        String copy = Plan.of(BenchMigration.insert()).stream()
                .filter(statement -> statement.title().startsWith("one batch of "))
                .findFirst()
                .orElseThrow()
                .sql()
                .replace(":after_id", "?")
                .replace(":upto_id", "?");
        try (Connection session = ground.database().connect(Role.RUNBOOK);
                PreparedStatement boundary = session.prepareStatement(BOUNDARY);
                PreparedStatement batch = session.prepareStatement(copy);
                PreparedStatement cursor = session.prepareStatement(CURSOR.replace("bench_", "public.bench_"))) {
            session.setAutoCommit(false);
            long after = bounds[0];
            while (true) {
                long upto = number(boundary, after, bounds[1], batchRows);
                if (upto == 0) {
                    session.commit();
                    return;
                }
                long rows = number(batch, after, upto);
                set(cursor, upto, rows, slot);
                cursor.executeUpdate();
                session.commit();
                after = upto;
            }
        }
    }

    private static long last(Ground ground) throws SQLException {
        try (Connection session = ground.database().connect(Role.RUNBOOK);
                PreparedStatement last = session.prepareStatement("select max(id) from bench.accounts")) {
            return number(last);
        }
    }

    private static long number(PreparedStatement query, long... values) throws SQLException {
        set(query, values);
        try (ResultSet rows = query.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void set(PreparedStatement statement, long... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setLong(i + 1, values[i]);
        }
    }
}
