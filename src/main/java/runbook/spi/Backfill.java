package runbook.spi;

import java.util.List;
import org.jooq.Table;

/** A copy of all units of one table into the new shape. Every unit is brought over exactly once. */
public sealed interface Backfill permits Claimed, Update {

    /** What is copied, in words that read well behind "backfill of". */
    String name();

    /** The unit: one row of the source table. */
    Key unit();

    /** The table that is filled. */
    Table<?> target();

    /** What is left out, each with its reason, and counted by a query of its own. */
    List<Exclusion> exclusions();
}
