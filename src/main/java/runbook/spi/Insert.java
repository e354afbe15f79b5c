package runbook.spi;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.SelectOrderByStep;
import org.jooq.Table;
import org.jooq.TableField;

/**
 * New rows from old ones. The batch or a mirror, whoever brings a unit over first, claims it in the ledger in the same
 * transaction, and only the claimer writes the migrated rows: so a unit that the application changes while its batch
 * runs is written once, and in order.
 *
 * @param source gives the units of a range: the columns of the unit's key first, then one value for each of
 *     {@code columns}
 * @param claims the ledger's key columns, in the order of the unit's key
 * @param claimedBy the ledger's column that says who brought the unit over
 * @param exclusions what is left out, each with its reason, and counted by a query of its own
 */
public record Insert(
        String name,
        Key unit,
        Function<Condition, SelectOrderByStep<?>> source,
        List<TableField<?, ?>> columns,
        Key claims,
        TableField<?, String> claimedBy,
        List<Exclusion> exclusions)
        implements Claimed {

    public Insert {
        columns = List.copyOf(columns);
        exclusions = List.copyOf(exclusions);
    }

    @Override
    public Table<?> target() {
        return new Key(columns).table();
    }

    /** Begins the description of a copy, one unit for each row with this key. */
    public static From per(Key unit, String name) {
        return source -> columns -> (claims, claimedBy) ->
                new Insert(name, unit, source, Arrays.asList(columns), claims, claimedBy, List.of());
    }

    /** The same copy, leaving out the units for which the condition on the source holds. */
    public Insert except(String reason, Condition when) {
        List<Exclusion> more = new java.util.ArrayList<>(exclusions);
        more.add(new Exclusion(reason, when));
        return new Insert(name, unit, source, columns, claims, claimedBy, more);
    }

    /** Where the rows come from. */
    @FunctionalInterface
    public interface From {
        Into from(Function<Condition, SelectOrderByStep<?>> source);
    }

    /** Where the rows go. */
    @FunctionalInterface
    public interface Into {
        Claiming into(TableField<?, ?>... columns);
    }

    /** The ledger that says who brought a unit over. */
    @FunctionalInterface
    public interface Claiming {
        Insert claiming(Key claims, TableField<?, String> claimedBy);
    }

    /** All of the source's columns, in order: the key's, then the target's. */
    public List<Field<?>> sourceFields() {
        List<Field<?>> fields = new java.util.ArrayList<>(unit.fields());
        fields.addAll(columns);
        return List.copyOf(fields);
    }
}
