package runbook.spi;

import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.SelectOrderByStep;
import org.jooq.TableField;

/**
 * A copy that keeps a ledger of who brought a unit over. The batch or a mirror, whoever is first, claims the unit in the
 * transaction that writes its rows, and only the claimer writes them: so a unit that the application changes while its
 * batch runs is written once, and in order.
 */
public sealed interface Claimed extends Backfill permits Insert, RowMap {

    /** The units of a range: the columns of the unit's key first, then what becomes of them. */
    Function<Condition, ? extends SelectOrderByStep<?>> source();

    /** The ledger's key columns, in the order of the unit's key. */
    Key claims();

    /** The ledger's column that says who brought the unit over. */
    TableField<?, String> claimedBy();
}
