package runbook.spi;

import org.jooq.Table;
import org.jooq.TableField;

/** A piece of the old shape that goes at clean-up: out of sight at once, out of the database after the hold. */
public sealed interface Retirement {

    /** A table: moved to schema {@code runbook_archive}, dropped after the hold. */
    record Archive(Table<?> table) implements Retirement {}

    /** A column: renamed to {@code retired_<name>}, dropped after the hold. */
    record Retire(TableField<?, ?> column) implements Retirement {
        /** The name that the column bears during the hold. */
        public String retiredName() {
            return "retired_" + column.getName();
        }
    }
}
