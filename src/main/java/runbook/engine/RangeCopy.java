package runbook.engine;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.PhaseRequest;
import runbook.spi.Backfill;
import runbook.spi.Key;
import runbook.spi.Update;

/**
 * The copy of one range, batch by batch. In each batch it is the one who gives way: a short lock wait makes the batch,
 * never the application, the victim of a deadlock.
 */
final class RangeCopy {

    /** Fifty times what a batch should take; whoever runs into it has a bad plan, or rows that are looked up slowly. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Shorter than deadlock_timeout (1 s): the batch has given up before anybody looks for a victim. */
    private static final String GIVE_WAY = "set local lock_timeout = '" + Attempts.LOCK_WAIT.toMillis()
            + "ms'; set local statement_timeout = '" + LIMIT.toSeconds() + "s'";

    /** No mirror repeats what the batch writes; the setting ends with its transaction. */
    private static final String SKIP_MIRRORS = "set local runbook.mirror = 'on'";

    /**
     * Rows and cursor are lost together in a crash, so nothing is gained by waiting for the disk, batch by batch; the
     * commit that ends a range waits, also for all before it. The application's own commits wait less beside it.
     */
    private static final String WITHOUT_WAITING = "set local synchronous_commit = off";

    /**
     * A worker that is frozen in mid-batch, or whose machine is gone, does not keep its locks: the server ends the
     * session, and the next attempt gets the range. Set before there is a lock to keep.
     */
    private static final String LET_GO =
            "set local idle_in_transaction_session_timeout = '" + Target.LONGEST_IDLE.toSeconds() + "s'";

    private static final String DISK_FULL = "53100";

    /** In one round trip. */
    private static final String SETTINGS = String.join("; ", GIVE_WAY, SKIP_MIRRORS, WITHOUT_WAITING);

    private final Target target;
    private final PhaseRequest request;
    private final Backfill backfill;
    private final Batch batch;
    private final Pace pace;
    private final Attempts attempts;
    private RangeRecord range;
    private Batch.Lock lock = Batch.Lock.WAIT;
    private boolean more = true;
    private boolean looked;

    /** The last key of the batch that was tried: its only one where a single row is. */
    private List<String> tried = List.of();

    RangeCopy(Target target, PhaseRequest request, Backfill backfill, RangeRecord range) {
        this.target = target;
        this.request = request;
        this.backfill = backfill;
        this.batch = Batch.of(backfill);
        this.range = range;
        this.pace = new Pace(range.getBatchRows());
        this.attempts = new Attempts(target, where());
    }

    boolean more() {
        return more;
    }

    /** What a batch takes by now; the slot's next range begins with it. */
    int rows() {
        return pace.rows();
    }

    /** What it is at, for the heartbeat. */
    Map<String, Object> detail(int slot) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("range", backfill.name() + " " + range.getNumber());
        detail.put("slot", slot + 1);
        detail.put("done", range.getScanned());
        detail.put("batchRows", pace.rows());
        return detail;
    }

    /** Gives the range back, for another slot to take. */
    void release() {
        Checkpoint.release(target, range);
    }

    /** One batch, or one try at it. */
    void step(Pace.Aim aim, Pulse pulse) {
        try {
            more = attempts.run(() -> {
                look();
                return target.inTransaction(tx -> batch(tx, aim));
            });
            attempts.clear();
        } catch (RunbookException decided) {
            throw decided;
        } catch (RuntimeException e) {
            refused(e, pulse);
        }
    }

    private void look() {
        if (!looked) {
            new PlanGuard(target, request, backfill).look(range, pace.rows());
            if (backfill instanceof Update update) {
                new TriggerGuard(target, request, update)
                        .look(range, String.join("; ", GIVE_WAY, SKIP_MIRRORS, LET_GO));
            }
            looked = true;
        }
    }

    /** False when the cursor has reached the range's end, and nothing is left over. */
    private boolean batch(DSLContext tx, Pace.Aim aim) {
        tx.execute(LET_GO);
        range = Checkpoint.hold(tx, range);
        tx.execute(SETTINGS);
        tried = List.of();
        Key key = backfill.unit();
        Condition rest = Ranges.rest(key, range);
        Optional<List<String>> last = Ranges.boundary(tx, key, rest, pace.rows());
        if (last.isEmpty()) {
            return range.getLeftOver() && leftOver(tx) || finished(tx);
        }
        lock = attempts.lock(() -> batch.unclaimed(tx, range));
        tried = last.get();
        long began = System.nanoTime();
        Batch.Counted counted = batch.run(tx, rest.and(Sql.upTo(key, tried)), Batch.BACKFILL, lock);
        long millis = millisSince(began);
        parkIfPending(counted.pending());
        pace.took(millis, counted.scanned(), aim);
        boolean passedBy = lock == Batch.Lock.PASS_BY;
        Checkpoint.advance(tx, range, new Checkpoint.Advance(Sql.json(tried), pace, counted, 0, passedBy, millis));
        return true;
    }

    /** Looks again at the units that batches passed by; most are claimed by then, since a mirror brought them over. */
    private boolean leftOver(DSLContext tx) {
        List<List<String>> keys = Leftovers.within(tx, request.run(), backfill, range, pace.rows());
        if (keys.isEmpty()) {
            return false;
        }
        lock = Batch.Lock.WAIT;
        tried = keys.get(keys.size() - 1);
        long began = System.nanoTime();
        Batch.Counted counted = batch.run(tx, Sql.among(backfill.unit(), keys), Batch.BACKFILL, lock);
        parkIfPending(Leftovers.among(tx, request.run(), backfill, keys) - (keys.size() - counted.copied()));
        Checkpoint.advance(tx, range, new Checkpoint.Advance(cursor(), pace, counted, 0, false, millisSince(began)));
        return true;
    }

    /** What is still pending once it is written would be written for ever. */
    private void parkIfPending(long units) {
        if (units > 0) {
            throw new RunbookException.Parked(where() + ": " + units + (units == 1 ? " unit is" : " units are")
                    + " still pending after the batch wrote what it sets. Nothing of this batch was written, and"
                    + " everything before it is copied. Correct the values that it takes and send the signal 'retry';"
                    + " or write a condition that is false for what it sets, or an exclusion for such units, and send"
                    + " 'retry' with \"acceptDefinition\": true; or send 'rollback'.");
        }
    }

    private boolean finished(DSLContext tx) {
        tx.execute("set local synchronous_commit = on");
        Checkpoint.finish(tx, range);
        return false;
    }

    private JSONB cursor() {
        return Objects.requireNonNull(range.getCursorKey());
    }

    private void refused(RuntimeException error, Pulse pulse) {
        String state = Sql.state(error);
        if (state.equals("23505") && lock == Batch.Lock.UNCLAIMED) {
            attempts.contested();
        } else if (error instanceof UpdateBatch.Overtaken && lock != Batch.Lock.PASS_BY || gaveWay(state)) {
            attempts.gaveWay(error);
            Pauses.rest(attempts.pause(), pulse, Map.of("backfill", backfill.name(), "waits for", "a row lock"));
        } else if (state.equals("57014")) {
            attempts.timedOut(pace.rows(), error);
            pace.halve("a batch ran into its limit of " + LIMIT.toSeconds() + " s");
        } else if (!ofTheData(error)) {
            throw parked(error, state);
        } else if (pace.rows() > 1) {
            pace.halve("the database refused a row of the batch");
        } else if (!state.equals("23503") || !attempts.again()) {
            // 23503: the application deleted a row under the batch; its next look no longer finds the row.
            quarantine(error);
        }
    }

    /** Where a person can do something about it; else the error itself. */
    private RuntimeException parked(RuntimeException error, String state) {
        if (state.equals(DISK_FULL)) {
            return new RunbookException.Parked(
                    where() + ": the database's disk is full (SQLSTATE " + DISK_FULL + "). Nothing of this batch was"
                            + " written, no row is held to be bad, and everything before it is copied. Make room, then"
                            + " send the signal 'retry', or 'rollback'.",
                    error);
        }
        return error instanceof UpdateBatch.Overtaken && backfill instanceof Update update
                ? TriggerGuard.kept(target, where(), update)
                : error;
    }

    private static boolean gaveWay(String state) {
        return state.equals("55P03") || state.equals("40P01") || state.equals("40001");
    }

    /** Only a batch that was tried has rows that can be at fault. */
    private boolean ofTheData(RuntimeException error) {
        return !tried.isEmpty() && (error instanceof MapBatch.Fault || Sql.ofTheData(error));
    }

    /**
     * This one row is refused: it is kept with its reason, and the copy goes on while the budget lasts. Where it is no
     * longer there, or somebody has brought it over in the meantime, the copy looks again.
     */
    private void quarantine(RuntimeException error) {
        Budget.Spent spent = target.inTransaction(tx -> {
            tx.execute(LET_GO);
            range = Checkpoint.hold(tx, range);
            Optional<List<String>> next = Ranges.boundary(tx, backfill.unit(), Ranges.rest(backfill.unit(), range), 1);
            if (next.isPresent() && !next.get().equals(tried)) {
                attempts.clear();
            } else if (Leftovers.has(tx, request.run(), backfill, tried) || next.isPresent() && !attempts.again()) {
                Quarantine.keep(tx, request.run(), range, tried, error);
                JSONB cursor = next.map(Sql::json).orElseGet(this::cursor);
                Checkpoint.advance(
                        tx, range, new Checkpoint.Advance(cursor, pace, Batch.Counted.ONE_REFUSED, 1, false, 0));
                attempts.clear();
            }
            return Budget.spent(tx, request.run(), backfill);
        });
        Budget.of(request.start()).check(spent, request.run(), backfill());
    }

    private String where() {
        return backfill() + ", range " + range.getNumber();
    }

    private String backfill() {
        return request.run().migration() + ": backfill '" + backfill.name() + "'";
    }

    private static long millisSince(long began) {
        return (System.nanoTime() - began) / 1_000_000;
    }
}
