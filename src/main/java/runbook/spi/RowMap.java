package runbook.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.SelectOrderByStep;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.TableRecord;

/**
 * New rows that only Java can make of old ones, such as those that need a parser. Claims and counts are those of an
 * {@link Insert}; the price is a round trip of each row through the worker.
 *
 * @param source gives the units of a range: the columns of the unit's key first, then what the map reads
 * @param target the table that is filled
 * @param map the new rows of one unit, none to many; what it throws is a fault of that unit, which is quarantined
 * @param version counted up whenever {@code map} changes: code has no text that a definition could be told by
 */
public record RowMap<R extends Record, T extends TableRecord<T>>(
        String name,
        Key unit,
        Function<Condition, ? extends SelectOrderByStep<R>> source,
        Table<T> target,
        Function<R, List<T>> map,
        String version,
        Key claims,
        TableField<?, String> claimedBy,
        List<Exclusion> exclusions)
        implements Claimed {

    public RowMap {
        exclusions = List.copyOf(exclusions);
    }

    /** Begins the description of a copy through Java, one unit for each row with this key. */
    public static Named per(Key unit, String name) {
        return new Named(unit, name);
    }

    /** The same copy, leaving out the units for which the condition on the source holds. */
    public RowMap<R, T> except(String reason, Condition when) {
        List<Exclusion> more = new ArrayList<>(exclusions);
        more.add(new Exclusion(reason, when));
        return new RowMap<>(name, unit, source, target, map, version, claims, claimedBy, more);
    }

    /** A copy that has a unit and a name. */
    public record Named(Key unit, String name) {

        public <R extends Record> From<R> from(Function<Condition, ? extends SelectOrderByStep<R>> source) {
            return new From<>(this, source);
        }
    }

    /** And a source. */
    public record From<R extends Record>(Named named, Function<Condition, ? extends SelectOrderByStep<R>> source) {

        /** @param version counted up whenever the map changes */
        public <T extends TableRecord<T>> Into<R, T> into(Table<T> target, String version, Function<R, List<T>> map) {
            return new Into<>(this, target, version, map);
        }
    }

    /** And a target. */
    public record Into<R extends Record, T extends TableRecord<T>>(
            From<R> from, Table<T> target, String version, Function<R, List<T>> map) {

        public RowMap<R, T> claiming(Key claims, TableField<?, String> claimedBy) {
            Named named = from.named();
            return new RowMap<>(
                    named.name(), named.unit(), from.source(), target, map, version, claims, claimedBy, List.of());
        }
    }
}
