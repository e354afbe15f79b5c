package runbook.engine;

import static org.jooq.impl.DSL.asterisk;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.rand;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import runbook.spi.Key;
import runbook.spi.Migration;
import runbook.spi.Write;

/**
 * Reads a row and writes it as the application does, takes the write back, and tells how long each took.
 *
 * <p>Timed is what a client on the worker's machine waits for: the way to the server, the statement, a lock on the row,
 * and for a write the disk at COMMIT too, since the transaction commits around the write that it took back. What the
 * mirrors take of it is the server's own measure, of the same write, so nothing has to be subtracted. Not timed: several
 * statements in one transaction, lock waits beyond the limit here, and that the application's rows are in memory more
 * often than these, which are drawn from all over the table.
 *
 * <p>The application cannot notice it: one row is held for the length of one statement, and whoever holds it first is
 * waited for only a quarter of deadlock_timeout. No transaction is rolled back, since the server counts those.
 */
final class Probe {

    /** A worker that is frozen meanwhile keeps no lock for longer than that. */
    static final String SETTINGS = "set local lock_timeout = '250ms'; set local statement_timeout = '5s';"
            + " set local idle_in_transaction_session_timeout = '5s'; set local runbook.session = 'off'";

    /** A lock or the statement took too long, or a deadlock was found: the sample took at least as long as it took. */
    private static final Set<String> GAVE_WAY = Set.of("55P03", "57014", "40P01");

    /** So many blocks are read to draw keys, however large the table is. */
    private static final double BLOCKS = 100;

    private static final int ROWS = 20_000;

    private static final int KEYS = 1_000;

    private final Target target;
    private final Write write;
    private final Set<String> mirrors;
    private final List<List<String>> keys;
    private int next;

    Probe(Target target, Migration migration, Write write) {
        this.target = target;
        this.write = write;
        this.mirrors = migration.mirrors().stream()
                .map(mirror -> named(mirror.trigger(), mirror.on().getName()))
                .collect(Collectors.toSet());
        this.keys = target.inTransaction(tx -> keys(tx, write.key()));
    }

    /** @param mirrorMicros null when the write gave way to a lock, and then took at least {@code writeMicros} */
    record Sample(
            long readMicros, long writeMicros, @Nullable Long mirrorMicros) {}

    /** What was timed before the COMMIT, and when that began. */
    private record Taken(
            long readNanos, long writeNanos, @Nullable Long mirrorMicros, long ended) {}

    Write write() {
        return write;
    }

    /** One more; empty when the row is gone by now, or there are none at all. */
    Optional<Sample> sample() {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        Condition one = Sql.equal(write.key(), keys.get(next++ % keys.size()));
        Optional<Taken> taken = target.inTransaction(tx -> take(tx, one));
        long now = System.nanoTime();
        return taken.map(
                t -> new Sample(t.readNanos() / 1_000, (t.writeNanos() + now - t.ended()) / 1_000, t.mirrorMicros()));
    }

    private Optional<Taken> take(DSLContext tx, Condition one) {
        tx.execute(SETTINGS);
        long began = System.nanoTime();
        boolean there = tx.select(asterisk())
                .from(write.key().table())
                .where(one)
                .fetch()
                .isNotEmpty();
        long read = System.nanoTime() - began;
        if (!there) {
            return Optional.empty();
        }
        tx.execute("savepoint probe");
        began = System.nanoTime();
        Long mirrored = write(tx, one);
        long wrote = System.nanoTime() - began;
        tx.execute("rollback to savepoint probe");
        return Optional.of(new Taken(read, wrote, mirrored, System.nanoTime()));
    }

    /** What the mirrors took, as the server says; null when the write gave way. */
    private @Nullable Long write(DSLContext tx, Condition one) {
        try {
            String plan = tx.fetchSingle(
                            "explain (analyze, buffers off, costs off, format json) {0}",
                            write.change().apply(one))
                    .get(0, String.class);
            double millis = 0;
            for (JsonNode trigger : Json.tree(plan).get(0).path("Triggers")) {
                String name = named(
                        trigger.path("Trigger Name").asText(),
                        trigger.path("Relation").asText());
                millis += mirrors.contains(name) ? trigger.path("Time").asDouble() : 0;
            }
            return Math.round(millis * 1_000);
        } catch (DataAccessException e) {
            if (GAVE_WAY.contains(Sql.state(e))) {
                return null;
            }
            throw e;
        }
    }

    private static String named(String trigger, String table) {
        return trigger + " on " + table;
    }

    private static List<List<String>> keys(DSLContext tx, Key key) {
        long blocks = tx.select(field(
                        "pg_relation_size({0}::regclass) / current_setting('block_size')::bigint",
                        Long.class, Sql.oid(key.table())))
                .fetchSingle()
                .value1();
        double percent = Math.min(100, 100 * BLOCKS / Math.max(1, blocks));
        var sample = select(key.fields())
                .from(table("{0} tablesample system ({1})", key.table(), inline(percent)))
                .limit(ROWS)
                .asTable("sample", Batch.names(key.columns().size()));
        return tx.select(Sql.texts(List.of(sample.fields())))
                .from(sample)
                .orderBy(rand())
                .limit(KEYS)
                .fetch(row -> Sql.keyOf(row));
    }
}
