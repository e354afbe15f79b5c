package runbook.engine;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.rowNumber;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import runbook.spi.Key;

/**
 * Where the ranges of a table end, so that each holds about as many rows, however the keys are spread. Taken from the
 * keys of some of the table's blocks: nothing is counted, and the keys may be of any ordered type.
 *
 * @param bounds the last key of each range, in order; one without a key for a table without rows
 * @param unitsEach about how many units a range has
 */
record Cut(List<@Nullable JSONB> bounds, long unitsEach) {

    /** Enough that a range takes a while, few enough that the last one to end is not waited for long. */
    private static final long UNITS = 250_000;

    /** Below it a range costs more to take than to copy. */
    private static final long LEAST_UNITS = 5_000;

    /** As many as there can be slots: a small table keeps all of them busy too. */
    private static final long FEW = 8;

    /** Keys of one block lie close together where a table is in the order of its key, so blocks count, not rows. */
    private static final double BLOCKS_PER_RANGE = 50;

    static Cut of(DSLContext tx, Key key, int most) {
        Volume volume = Volume.of(tx, key);
        long ranges = Math.min(most, Math.max(volume.rows() / UNITS, Math.min(FEW, volume.rows() / LEAST_UNITS)));
        List<JSONB> bounds = new ArrayList<>(ranges > 1 ? within(tx, key, volume, ranges) : List.of());
        Optional<JSONB> last = last(tx, key);
        if (last.isEmpty()) {
            return new Cut(Collections.singletonList(null), 0);
        }
        bounds.add(last.get());
        return new Cut(List.copyOf(bounds), volume.rows() / bounds.size());
    }

    /** The greatest key there is. */
    static Optional<JSONB> last(DSLContext tx, Key key) {
        return tx.select(Sql.texts(key))
                .from(key.table())
                .orderBy(key.fields().stream().map(Field::desc).toList())
                .limit(1)
                .fetchOptional(record -> Sql.json(Sql.keyOf(record)));
    }

    private static List<JSONB> within(DSLContext tx, Key key, Volume volume, long ranges) {
        double share = Math.min(1, ranges * BLOCKS_PER_RANGE / Math.max(1, volume.blocks()));
        var sample = select(key.fields())
                .from(table("{0} tablesample system ({1})", key.table(), inline(100 * share)))
                .asTable("sample", Batch.names(key.columns().size()));
        List<Field<?>> sampled = List.of(sample.fields());
        Field<Long> position = rowNumber().over().orderBy(sampled).cast(Long.class);
        Field<Long> total = count().over().cast(Long.class);
        List<Field<?>> shown = new ArrayList<>(Sql.texts(sampled));
        shown.add(position.as("position"));
        // The first key at or beyond each of the equal parts, the end of the last one left out.
        shown.add(field(
                        "{0} * {2} / {1} > ({0} - 1) * {2} / {1} and {0} < {1}",
                        Boolean.class, position, total, inline(ranges))
                .as("ends"));
        var numbered =
                select(shown).from(sample).asTable("numbered", concat(Batch.names(sampled.size()), "position", "ends"));
        return tx.select(List.of(numbered.fields()).subList(0, sampled.size()))
                .from(numbered)
                .where(field(name("numbered", "ends"), Boolean.class).isTrue())
                .orderBy(field(name("numbered", "position")))
                .fetch((Record row) -> Sql.json(Sql.keyOf(row)));
    }

    private static String[] concat(String[] names, String... more) {
        List<String> all = new ArrayList<>(List.of(names));
        Collections.addAll(all, more);
        return all.toArray(String[]::new);
    }
}
