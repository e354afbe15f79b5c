package runbook.engine;

import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.noCondition;
import static runbook.generated.engine.Tables.CHUNK;

import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import runbook.generated.engine.tables.records.ChunkRecord;
import runbook.message.Run;
import runbook.spi.Comparison;
import runbook.spi.Key;

/**
 * How the keys of a comparison become chunks, under the hold of {@link Chunks}: cut one behind the other, and halved. A half
 * is taken off the beginning, so that the newest one that is no half still ends where the next begins.
 */
record Chunking(Run run, Comparison comparison) {

    /** What takes too long with so few keys does so with fewer; each try costs as much as a statement may take. */
    static final int LEAST = 100;

    private static final String NOBODY = "";

    Condition ofLook() {
        return CHUNK.RUN.eq(run.id()).and(CHUNK.CHECK_NAME.eq(comparison.claim()));
    }

    /** The next one behind all others; empty when the last one has no end. */
    Optional<ChunkRecord> cut(DSLContext tx, long rows, String token) {
        Optional<ChunkRecord> last = tx.selectFrom(CHUNK)
                .where(ofLook())
                .and(CHUNK.HALF.isFalse())
                .orderBy(CHUNK.NUMBER.desc())
                .limit(1)
                .fetchOptional();
        if (last.isPresent() && last.get().getUptoKey() == null) {
            return Optional.empty();
        }
        ChunkRecord chunk = another(tx, last.map(ChunkRecord::getUptoKey).orElse(null), token);
        Ranges.boundary(tx, comparison.key(), keys(chunk), rows).ifPresent(end -> {
            chunk.setUptoKey(Sql.json(end));
            chunk.setKeys(rows);
        });
        chunk.store();
        return Optional.of(chunk);
    }

    /** Makes two of a chunk, which nobody holds then; unless it has too few keys for that. */
    boolean halve(DSLContext tx, ChunkRecord chunk) {
        Key key = comparison.key();
        long keys = tx.fetchCount(key.table(), keys(chunk));
        if (keys <= LEAST) {
            return false;
        }
        Optional<JSONB> middle = Ranges.boundary(tx, key, keys(chunk), keys / 2).map(Sql::json);
        middle.ifPresent(end -> {
            ChunkRecord half = another(tx, chunk.getAfterKey(), NOBODY);
            half.setUptoKey(end);
            half.setKeys(keys / 2);
            half.setHalf(true);
            half.store();
            tx.update(CHUNK)
                    .set(CHUNK.AFTER_KEY, end)
                    .set(CHUNK.KEYS, keys - keys / 2)
                    .set(CHUNK.TOKEN, NOBODY)
                    .where(ofLook())
                    .and(CHUNK.NUMBER.eq(chunk.getNumber()))
                    .execute();
        });
        return middle.isPresent();
    }

    private ChunkRecord another(DSLContext tx, @Nullable JSONB after, String token) {
        Integer highest = tx.select(max(CHUNK.NUMBER))
                .from(CHUNK)
                .where(ofLook())
                .fetchSingle()
                .value1();
        ChunkRecord chunk = tx.newRecord(CHUNK);
        chunk.setRun(run.id());
        chunk.setCheckName(comparison.claim());
        chunk.setNumber(highest == null ? 1 : highest + 1);
        chunk.setAfterKey(after);
        chunk.setToken(token);
        chunk.setKeys(0L);
        return chunk;
    }

    /** The keys of a chunk. Rows without a key, such as those that lost their link to the old shape, are in the first. */
    Condition keys(ChunkRecord chunk) {
        return between(comparison.key(), chunk.getAfterKey(), chunk.getUptoKey());
    }

    /**
     * The keys of a part.
     *
     * @param after the last one before it; null in the first part
     * @param upTo its last one; null in the last part
     */
    static Condition between(Key key, @Nullable JSONB after, @Nullable JSONB upTo) {
        Condition behind = after == null ? noCondition() : Sql.after(key, Json.texts(after.data()));
        if (upTo == null) {
            return behind;
        }
        Condition within = Sql.upTo(key, Json.texts(upTo.data()));
        return after == null
                ? within.or(DSL.or(key.fields().stream().map(Field::isNull).toList()))
                : behind.and(within);
    }
}
