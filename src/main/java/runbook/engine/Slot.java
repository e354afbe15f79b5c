package runbook.engine;

import static runbook.generated.engine.Tables.RANGE;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.Run;
import runbook.spi.Backfill;

/**
 * A worker slot and the ranges it takes: the one that an earlier attempt of it held, else one that nobody holds, else the
 * end of the largest one that another slot is in. A range therefore has one holder, who always comes back for it.
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

    /** The next range of this slot; empty when none is left that it could do anything about. */
    Optional<RangeRecord> next(Pulse pulse) {
        while (true) {
            Optional<RangeRecord> range = target.inTransaction(tx -> {
                Runs.fence(tx, run);
                return own(tx).or(() -> free(tx)).map(found -> hold(tx, found));
            });
            if (range.isPresent()) {
                return range;
            }
            range = split();
            if (range.isPresent() || !freeAtAll()) {
                return range;
            }
            Pauses.rest(
                    Duration.ofMillis(ThreadLocalRandom.current().nextLong(50, 150)),
                    pulse,
                    Map.of("slot", number + 1, "waits for", "a range"));
        }
    }

    /** Waits for a batch of an earlier attempt to end one way or the other. */
    private Optional<RangeRecord> own(DSLContext tx) {
        return tx.selectFrom(RANGE)
                .where(Ranges.of(run, backfill.name()))
                .and(RANGE.FINISHED_AT.isNull())
                .and(RANGE.OWNER_SLOT.eq(number))
                .orderBy(RANGE.NUMBER)
                .limit(1)
                .forUpdate()
                .fetchOptional();
    }

    private Optional<RangeRecord> free(DSLContext tx) {
        return tx.selectFrom(RANGE)
                .where(Ranges.of(run, backfill.name()))
                .and(RANGE.FINISHED_AT.isNull())
                .and(RANGE.OWNER_SLOT.isNull())
                .orderBy(RANGE.NUMBER)
                .limit(1)
                .forUpdate()
                .skipLocked()
                .fetchOptional();
    }

    /** Whether any range is not done, whoever holds it. */
    boolean anythingLeft() {
        return target.dsl().fetchExists(RANGE, Ranges.of(run, backfill.name()).and(RANGE.FINISHED_AT.isNull()));
    }

    private boolean freeAtAll() {
        return target.dsl()
                .fetchExists(
                        RANGE,
                        Ranges.of(run, backfill.name())
                                .and(RANGE.FINISHED_AT.isNull())
                                .and(RANGE.OWNER_SLOT.isNull()));
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

    /** Takes the second half of what the slot with the most left has before it. */
    private Optional<RangeRecord> split() {
        Optional<Integer> largest = target.dsl()
                .select(RANGE.NUMBER)
                .from(RANGE)
                .where(Ranges.of(run, backfill.name()))
                .and(RANGE.FINISHED_AT.isNull())
                .and(RANGE.EXPECTED.minus(RANGE.SCANNED).ge(2 * LEAST))
                .orderBy(RANGE.EXPECTED.minus(RANGE.SCANNED).desc())
                .limit(1)
                .fetchOptional(RANGE.NUMBER);
        return largest.flatMap(range -> target.inTransaction(tx -> {
            Ranges.serialize(tx, run, backfill.name());
            return tx.selectFrom(RANGE)
                    .where(Ranges.of(run, backfill.name()))
                    .and(RANGE.NUMBER.eq(range))
                    .and(RANGE.FINISHED_AT.isNull())
                    .forUpdate()
                    .fetchOptional()
                    .flatMap(found -> split(tx, found));
        }));
    }

    private Optional<RangeRecord> split(DSLContext tx, RangeRecord range) {
        long left = range.getExpected() - range.getScanned();
        long half = Math.max(LEAST, Math.min(FARTHEST, left / 2));
        Optional<List<String>> middle = Ranges.boundary(tx, backfill.unit(), Ranges.rest(backfill.unit(), range), half);
        boolean more = middle.isPresent()
                && tx.fetchExists(
                        backfill.unit().table(),
                        Ranges.rest(backfill.unit(), range).and(Sql.after(backfill.unit(), middle.get())));
        if (!more) {
            return Optional.empty();
        }
        JSONB end = range.getUptoKey();
        tx.update(RANGE)
                .set(RANGE.UPTO_KEY, Sql.json(middle.get()))
                .set(RANGE.EXPECTED, range.getScanned() + half)
                .where(Ranges.of(run, backfill.name()))
                .and(RANGE.NUMBER.eq(range.getNumber()))
                .execute();
        return Optional.of(tx.insertInto(RANGE)
                .set(RANGE.RUN, run.id())
                .set(RANGE.BACKFILL, backfill.name())
                .set(RANGE.NUMBER, Ranges.next(tx, run, backfill.name()))
                .set(RANGE.DEFINITION, range.getDefinition())
                .set(RANGE.AFTER_KEY, Sql.json(middle.get()))
                .set(RANGE.UPTO_KEY, end)
                .set(RANGE.EXPECTED, left - half)
                .set(RANGE.BATCH_ROWS, range.getBatchRows())
                .set(RANGE.OWNER_EPOCH, run.epoch())
                .set(RANGE.OWNER_SLOT, number)
                .set(RANGE.OWNER_TOKEN, token)
                .returning()
                .fetchSingle());
    }
}
