package runbook.engine;

import static runbook.generated.engine.Tables.RANGE;
import static runbook.generated.engine.Tables.SLOT;

import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.exception.DataAccessException;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.Run;
import runbook.spi.Backfill;

/**
 * A worker slot and the ranges it takes: one that nobody holds, else the end of the largest one that another slot is in. A
 * slot has one attempt that takes ranges, the newest, and that one has freed what those before it held: no range is with
 * a holder who does not come back. {@link Runs#fence} sees to it that one who stands still in the middle of this keeps
 * nobody waiting for long.
 */
final class Slot {

    /** What a split leaves to either side at least; below it the slot that has the range is sooner done alone. */
    private static final long LEAST = 5_000;

    /** The look for the middle reads as many entries of the key's index. */
    private static final long FARTHEST = 200_000;

    private final Target target;
    private final Run run;
    private final Backfill backfill;
    private final int number;
    private final String token;

    Slot(Target target, Run run, Backfill backfill, int number, String token) {
        this.target = target;
        this.run = run;
        this.backfill = backfill;
        this.number = number;
        this.token = token;
    }

    int number() {
        return number;
    }

    /**
     * Makes this attempt the slot's only one, and frees what an earlier one held. What that one is about to commit is
     * waited for.
     */
    void enter() {
        target.inTransaction(tx -> {
            Runs.fence(tx, run);
            tx.insertInto(SLOT)
                    .set(SLOT.RUN, run.id())
                    .set(SLOT.BACKFILL, backfill.name())
                    .set(SLOT.NUMBER, number)
                    .set(SLOT.TOKEN, token)
                    .onConflict(SLOT.RUN, SLOT.BACKFILL, SLOT.NUMBER)
                    .doUpdate()
                    .set(SLOT.TOKEN, token)
                    .execute();
            return tx.update(RANGE)
                    .setNull(RANGE.OWNER_SLOT)
                    .setNull(RANGE.OWNER_TOKEN)
                    .where(open())
                    .and(RANGE.OWNER_SLOT.eq(number))
                    .execute();
        });
    }

    /**
     * The next range of this slot; empty when there is none for it now.
     *
     * @throws RunbookException.Fenced when a newer attempt has entered
     */
    Optional<RangeRecord> next() {
        Optional<RangeRecord> range = target.inTransaction(tx -> {
            Runs.fence(tx, run);
            refuseUnlessNewest(tx);
            return free(tx).map(found -> hold(tx, found));
        });
        return range.or(this::split);
    }

    /** A newer attempt waits until the caller's transaction has ended, and then frees what that took. */
    private void refuseUnlessNewest(DSLContext tx) {
        boolean newest = tx.selectFrom(SLOT)
                .where(SLOT.RUN.eq(run.id()))
                .and(SLOT.BACKFILL.eq(backfill.name()))
                .and(SLOT.NUMBER.eq(number))
                .and(SLOT.TOKEN.eq(token))
                .forShare()
                .fetchOptional()
                .isPresent();
        if (!newest) {
            throw new RunbookException.Fenced("backfill '" + backfill.name() + "', slot " + (number + 1)
                    + ": a newer attempt is at work. This one takes no further range.");
        }
    }

    /** Whether any range is not done, whoever holds it. */
    boolean anythingLeft() {
        return target.dsl().fetchExists(RANGE, open());
    }

    private Condition open() {
        return Ranges.of(run, backfill.name()).and(RANGE.FINISHED_AT.isNull());
    }

    private Optional<RangeRecord> free(DSLContext tx) {
        return tx.selectFrom(RANGE)
                .where(open())
                .and(RANGE.OWNER_SLOT.isNull())
                .orderBy(RANGE.NUMBER)
                .limit(1)
                .forUpdate()
                .skipLocked()
                .fetchOptional();
    }

    private RangeRecord hold(DSLContext tx, RangeRecord range) {
        return tx.update(RANGE)
                .set(RANGE.OWNER_EPOCH, run.epoch())
                .set(RANGE.OWNER_SLOT, number)
                .set(RANGE.OWNER_TOKEN, token)
                .where(Ranges.of(run, backfill.name()))
                .and(RANGE.NUMBER.eq(range.getNumber()))
                .returning()
                .fetchSingle();
    }

    /** Takes the second half of what the slot with the most left has before it, unless a long batch is in the way. */
    private Optional<RangeRecord> split() {
        Optional<Integer> largest = target.dsl()
                .select(RANGE.NUMBER)
                .from(RANGE)
                .where(open())
                .and(RANGE.EXPECTED.minus(RANGE.SCANNED).ge(2 * LEAST))
                .orderBy(RANGE.EXPECTED.minus(RANGE.SCANNED).desc())
                .limit(1)
                .fetchOptional(RANGE.NUMBER);
        try {
            return largest.flatMap(this::split);
        } catch (DataAccessException e) {
            if (!Sql.state(e).equals("55P03")) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private Optional<RangeRecord> split(int largest) {
        return target.inTransaction(tx -> {
            Ranges.serialize(tx, run, backfill.name());
            refuseUnlessNewest(tx);
            return tx.selectFrom(RANGE)
                    .where(open())
                    .and(RANGE.NUMBER.eq(largest))
                    .and(RANGE.EXPECTED.minus(RANGE.SCANNED).ge(2 * LEAST))
                    .forUpdate()
                    .fetchOptional()
                    .flatMap(found -> split(tx, found));
        });
    }

    private Optional<RangeRecord> split(DSLContext tx, RangeRecord range) {
        long left = range.getExpected() - range.getScanned();
        long half = Math.min(FARTHEST, left / 2);
        Optional<List<String>> middle = Ranges.boundary(tx, backfill.unit(), Ranges.rest(backfill.unit(), range), half);
        boolean more = middle.isPresent()
                && tx.fetchExists(
                        backfill.unit().table(),
                        Ranges.rest(backfill.unit(), range).and(Sql.after(backfill.unit(), middle.get())));
        // Where there is no more, too much was expected: else each look would read the same keys again.
        tx.update(RANGE)
                .set(RANGE.EXPECTED, range.getScanned() + half)
                .where(Ranges.of(run, backfill.name()))
                .and(RANGE.NUMBER.eq(range.getNumber()))
                .execute();
        return more ? Optional.of(second(tx, range, middle.get(), left - half)) : Optional.empty();
    }

    private RangeRecord second(DSLContext tx, RangeRecord range, List<String> middle, long expected) {
        JSONB end = range.getUptoKey();
        tx.update(RANGE)
                .set(RANGE.UPTO_KEY, Sql.json(middle))
                .where(Ranges.of(run, backfill.name()))
                .and(RANGE.NUMBER.eq(range.getNumber()))
                .execute();
        return tx.insertInto(RANGE)
                .set(RANGE.RUN, run.id())
                .set(RANGE.BACKFILL, backfill.name())
                .set(RANGE.NUMBER, Ranges.next(tx, run, backfill.name()))
                .set(RANGE.DEFINITION, range.getDefinition())
                .set(RANGE.AFTER_KEY, Sql.json(middle))
                .set(RANGE.UPTO_KEY, end)
                .set(RANGE.EXPECTED, expected)
                .set(RANGE.BATCH_ROWS, range.getBatchRows())
                .set(RANGE.OWNER_EPOCH, run.epoch())
                .set(RANGE.OWNER_SLOT, number)
                .set(RANGE.OWNER_TOKEN, token)
                .returning()
                .fetchSingle();
    }
}
