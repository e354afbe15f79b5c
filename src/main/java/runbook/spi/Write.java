package runbook.spi;

import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.RowCountQuery;

/**
 * A write of the application to the old shape, as common as there is one, that the mirrors repeat. The engine does it on
 * rows of the target and takes it back, to tell what the mirrors cost and what the application notices of a run.
 *
 * @param name what happens: "a status changes"
 * @param key the rows to write to, one at a time
 * @param change the write for one key; it must change the row, or no mirror has anything to do. Triggers of the
 *     application see it like any other write, so it must not set off what a rollback does not take back.
 */
public record Write(String name, Key key, Function<Condition, RowCountQuery> change) {}
