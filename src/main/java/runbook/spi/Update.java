package runbook.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * New columns of rows that stay where they are. What is pending says which rows still lack their value; it is looked at
 * again under the row's lock, so that a row which a mirror or the application has filled meanwhile is left alone.
 *
 * @param unit the key of the table that is changed
 * @param set columns and what they become, in terms of the table and of {@code from}; kept in the order of their names,
 *     because a {@code Map.of} has another one in each JVM
 * @param from where the values come from, at most one row for each unit; {@code null} when the table itself has them
 * @param join which row of {@code from} belongs to a unit
 * @param pending whether a row still lacks its value; must be false once {@code set} is done
 * @param exclusions what is left out, each with its reason, and counted by a query of its own
 * @param touched other columns of the row that triggers of the application may change when it is written
 */
public record Update(
        String name,
        Key unit,
        Map<TableField<?, ?>, Field<?>> set,
        @Nullable Table<?> from,
        Condition join,
        Condition pending,
        List<Exclusion> exclusions,
        Set<TableField<?, ?>> touched)
        implements Backfill {

    public Update {
        set = byName(set);
        exclusions = List.copyOf(exclusions);
        touched = Set.copyOf(touched);
        if (set.isEmpty()) {
            throw new IllegalArgumentException("update '" + name + "' sets no column, expected at least one");
        }
    }

    @Override
    public Table<?> target() {
        return unit.table();
    }

    /** Begins the description of an update in place of the rows with this key, where they are pending. */
    public static Update of(Key unit, String name, Condition pending, Map<TableField<?, ?>, Field<?>> set) {
        return new Update(name, unit, set, null, DSL.noCondition(), pending, List.of(), Set.of());
    }

    /** The same update, with values of another table's row. */
    public Update from(Table<?> other, Condition on) {
        return new Update(name, unit, set, other, on, pending, exclusions, touched);
    }

    /** The same update, leaving out the units for which the condition holds. */
    public Update except(String reason, Condition when) {
        List<Exclusion> more = new ArrayList<>(exclusions);
        more.add(new Exclusion(reason, when));
        return new Update(name, unit, set, from, join, pending, more, touched);
    }

    /** The same update, where triggers of the application may change these columns too; all others must stay. */
    public Update touching(TableField<?, ?>... columns) {
        return new Update(name, unit, set, from, join, pending, exclusions, Set.of(columns));
    }

    private static Map<TableField<?, ?>, Field<?>> byName(Map<TableField<?, ?>, Field<?>> set) {
        Map<TableField<?, ?>, Field<?>> sorted = new LinkedHashMap<>();
        set.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().getName()))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return Collections.unmodifiableMap(sorted);
    }
}
