package runbook.spi;

import java.util.List;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.RowCountQuery;

/**
 * A cure for the counter-examples of a check. It is bounded to the reported keys, can be tried dry, and never counts as
 * verification: the check must pass afterwards.
 *
 * @param name imperative words, as typed in the signal: "keep the latest"
 * @param truth which side is believed: "legacy", "new" or what is believed instead
 * @param change the statements, run in order; the condition holds for the keys that the check reported
 */
public record Repair(String name, String truth, Function<Condition, List<RowCountQuery>> change) {

    public static Repair named(String name, String truth, Function<Condition, RowCountQuery> change) {
        return new Repair(name, truth, keys -> List.of(change.apply(keys)));
    }
}
