package runbook.engine;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.Run;
import runbook.spi.Insert;

/**
 * One worker slot of a backfill: takes a range, copies it batch by batch, takes the next. Between two batches it looks
 * at what is wanted, and in each it is the one who gives way: a short lock wait makes the batch, never the application,
 * the victim of a deadlock.
 */
public final class Copier {

    private static final Logger LOG = LoggerFactory.getLogger(Copier.class);

    /** Below {@code deadlock_timeout} (1 s), so that the batch has given up before anybody looks for a victim. */
    private static final String BATCH_LOCK_WAIT = "set local lock_timeout = '50ms'";

    /** No mirror repeats what the batch writes; the setting ends with its transaction. */
    private static final String SKIP_MIRRORS = "set local runbook.mirror = 'on'";

    /** A batch that gets no lock for this long meets a transaction that a person should look at. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Target target;
    private final Run run;
    private final Insert insert;
    private final Batch batch;
    private final Wanted wanted;
    private final Pulse pulse;
    private final int errorBudget;

    public Copier(Target target, Run run, Insert insert, int errorBudget, Pulse pulse) {
        this.target = target;
        this.run = run;
        this.insert = insert;
        this.batch = new Batch(insert);
        this.wanted = new Wanted(target, run, pulse);
        this.pulse = pulse;
        this.errorBudget = errorBudget;
    }

    /**
     * Copies until no range is left.
     *
     * @param token names this attempt; a later one takes the range over
     */
    public void copy(String token) {
        for (Optional<RangeRecord> range = Ranges.take(target, run, insert, token);
                range.isPresent();
                range = Ranges.take(target, run, insert, token)) {
            copy(range.get());
        }
    }

    private void copy(RangeRecord range) {
        Pace pace = new Pace(range.getBatchRows());
        Attempts attempts = new Attempts();
        boolean more = true;
        while (more) {
            wanted.obey(insert.name());
            pulse.beat(detail(range, pace));
            try {
                more = step(range, pace, attempts) || leftOver(range, pace);
                attempts.clear();
            } catch (RunbookException decided) {
                throw decided;
            } catch (RuntimeException e) {
                refused(range, pace, attempts, e);
            }
        }
    }

    /** One batch; false when the cursor has reached the range's end. */
    private boolean step(RangeRecord range, Pace pace, Attempts attempts) {
        long began = System.nanoTime();
        Optional<Ranges.Advance> advance = target.inTransaction(tx -> {
            Optional<List<String>> last = boundary(tx, range, pace.rows());
            if (last.isEmpty()) {
                return Optional.<Ranges.Advance>empty();
            }
            Condition part = Ranges.rest(insert.unit(), range).and(Sql.upTo(insert.unit(), last.get()));
            long sent = System.nanoTime();
            Batch.Counted counted = batch.run(tx, part, "backfill", attempts.lock());
            pace.took(millisSince(sent), counted.scanned());
            Ranges.Advance step = new Ranges.Advance(last.get(), pace.rows(), counted, 0, millisSince(began));
            Ranges.advance(tx, range, step);
            return Optional.of(step);
        });
        advance.ifPresent(step -> {
            range.setCursorKey(Sql.json(step.cursor()));
            range.setScanned(range.getScanned() + step.counted().scanned());
        });
        return advance.isPresent();
    }

    /**
     * Looks again at the units that batches passed by, once the cursor is at the end; most are claimed by then, since
     * whoever changed them brought them over. False, and the range finished, when none is left.
     */
    private boolean leftOver(RangeRecord range, Pace pace) {
        long began = System.nanoTime();
        return target.inTransaction(tx -> {
            tx.execute(SKIP_MIRRORS);
            tx.execute(BATCH_LOCK_WAIT);
            List<List<String>> keys = Leftovers.within(tx, run, insert, range, pace.rows());
            if (keys.isEmpty()) {
                Ranges.finish(tx, range);
                return false;
            }
            Batch.Counted counted = batch.run(tx, Sql.among(insert.unit(), keys), "backfill", Batch.Lock.WAIT);
            Ranges.advance(
                    tx, range, new Ranges.Advance(cursor(range), range.getBatchRows(), counted, 0, millisSince(began)));
            return true;
        });
    }

    private static List<String> cursor(RangeRecord range) {
        return Json.texts(Objects.requireNonNull(range.getCursorKey()).data());
    }

    private Optional<List<String>> boundary(DSLContext tx, RangeRecord range, int rows) {
        tx.execute(SKIP_MIRRORS);
        tx.execute(BATCH_LOCK_WAIT);
        return Ranges.boundary(tx, insert.unit(), Ranges.rest(insert.unit(), range), rows);
    }

    private void refused(RangeRecord range, Pace pace, Attempts attempts, RuntimeException error) {
        String state = Sql.state(error);
        if (gaveWay(state)) {
            attempts.gaveWay(range, error);
            Pauses.rest(attempts.pause(), pulse, Map.of("backfill", insert.name(), "waits for", "a row lock"));
        } else if (state.equals("57014") && pace.rows() > 1) {
            pace.halve();
        } else if (state.equals("23503") && attempts.again() || dataError(state) && pace.rows() > 1) {
            // 23503: the application deleted a row under the batch; its next look no longer finds the row.
            pace.halve();
        } else if (dataError(state)) {
            quarantine(range, error);
            attempts.clear();
        } else {
            throw error;
        }
    }

    private static boolean gaveWay(String state) {
        return state.equals("55P03") || state.equals("40P01") || state.equals("40001");
    }

    private static boolean dataError(String state) {
        return state.startsWith("22") || state.startsWith("23");
    }

    /** The database refuses this one row: it is kept with its reason, and the copy goes on while the budget lasts. */
    private void quarantine(RangeRecord range, RuntimeException error) {
        long total = target.inTransaction(tx -> {
            Optional<List<String>> next = boundary(tx, range, 1);
            Optional<List<String>> key = next.or(
                    () -> Leftovers.within(tx, run, insert, range, 1).stream().findFirst());
            if (key.isEmpty()) {
                // Whoever changed it in the meantime has brought it over.
                return Quarantine.held(tx, run);
            }
            Quarantine.keep(tx, run, range, key.get(), error);
            Batch.Counted none = new Batch.Counted(1, 0, Map.of(), 0);
            List<String> cursor = next.orElseGet(() -> cursor(range));
            Ranges.advance(tx, range, new Ranges.Advance(cursor, Pace.FIRST, none, 1, 0));
            range.setCursorKey(Sql.json(cursor));
            return Quarantine.held(tx, run);
        });
        LOG.warn(
                "{}: backfill '{}': the database refused a row ({}), {} in quarantine",
                run.migration(),
                insert.name(),
                Sql.state(error),
                total);
        if (total > errorBudget) {
            throw new RunbookException.Parked(run.migration() + ": backfill '" + insert.name()
                    + "': the database refused "
                    + total + (total == 1 ? " row" : " rows") + ", the error budget is " + errorBudget
                    + ". Rows copied so far stay copied. See why: ./runbook report " + run.migration()
                    + " --reveal. Remove the reason, then send the signal 'retry', or 'rollback'.");
        }
    }

    private Map<String, Object> detail(RangeRecord range, Pace pace) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("range", insert.name() + " " + range.getNumber());
        detail.put("done", range.getScanned());
        detail.put("batchRows", pace.rows());
        return detail;
    }

    private static long millisSince(long began) {
        return (System.nanoTime() - began) / 1_000_000;
    }

    /** How often the same batch was refused, and how long that may go on. */
    private final class Attempts {

        private static final int LOOKS = 5;
        private static final long LONGEST_PAUSE_MILLIS = 1_000;

        private int count;
        private boolean waited;
        private long since;

        /** A batch that has waited in vain passes by what it waited for. */
        Batch.Lock lock() {
            return waited ? Batch.Lock.PASS_BY : Batch.Lock.WAIT;
        }

        void clear() {
            count = 0;
            waited = false;
        }

        boolean again() {
            count++;
            return count <= LOOKS;
        }

        void gaveWay(RangeRecord range, RuntimeException error) {
            since = count == 0 ? System.nanoTime() : since;
            count++;
            waited = true;
            if (System.nanoTime() - since > PATIENCE.toNanos()) {
                throw new RunbookException.Parked(
                        run.migration() + ": backfill '" + insert.name() + "', range "
                                + range.getNumber() + ": a batch got no row lock in " + PATIENCE.toMinutes()
                                + " minutes. Blocked by " + Blockers.words(target)
                                + ". Everything before it is copied. End the blocker, then send the signal 'retry'.",
                        error);
            }
        }

        Duration pause() {
            long most = Math.min(LONGEST_PAUSE_MILLIS, 20L << Math.min(count, 6));
            return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most));
        }
    }

    /** The statement of a batch, for the plan. */
    static org.jooq.Query printable(Insert insert, Condition range) {
        return new Batch(insert)
                .statement(
                        DSL.using(org.jooq.SQLDialect.POSTGRES, Target.RENDERING), range, "backfill", Batch.Lock.WAIT);
    }
}
