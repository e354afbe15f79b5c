package runbook.spi;

import java.util.List;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Select;

/**
 * The old shape against the new one, key by key, at one snapshot. Both sides give the columns of the key first, then
 * the same values under the same types and collations; a comparison of others is refused. {@code NULL} equals {@code NULL}.
 * Values are equal as their type's {@code =} has it; arrays, ranges, JSON and types without a hash, as their text. Where both
 * sides have a table of their own, the key is of an alias that either side gives its table.
 *
 * @param before the truth, by an expression that does not share the copy's
 */
public record Comparison(
        String claim,
        Key key,
        Function<Condition, Select<?>> before,
        Function<Condition, Select<?>> after,
        List<Repair> repairs) {

    public Comparison {
        repairs = List.copyOf(repairs);
    }

    public static Before claim(String claim, Key key) {
        return before -> after -> new Comparison(claim, key, before, after, List.of());
    }

    /** The same comparison with one more way to cure what it finds. */
    public Comparison repairedBy(Repair repair) {
        List<Repair> more = new java.util.ArrayList<>(repairs);
        more.add(repair);
        return new Comparison(claim, key, before, after, more);
    }

    /** The old shape. */
    @FunctionalInterface
    public interface Before {
        After before(Function<Condition, Select<?>> query);
    }

    /** The new shape. */
    @FunctionalInterface
    public interface After {
        Comparison after(Function<Condition, Select<?>> query);
    }
}
