package runbook.spi;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;

/**
 * One migration from an old shape to a new one, as a description: the engine may print, count, run, check and take back
 * everything that is returned here. Its DDL is the Flyway folder {@code db/<name>}.
 *
 * <p>Every method is called more than once, by several JVMs, and must return the same values in the same order each time:
 * a run that was begun with another plan does not go on by itself, and an approval of other evidence does not count.
 */
public interface Migration {

    /** The name of the schema, of the folder below {@code db/}, and of the workflow: lower case and underscores. */
    String name();

    /** One sentence for people who see it in a list. */
    String summary();

    /** The tables of the old shape that the migration reads or changes: backed up, inspected, locked in reports. */
    List<Table<?>> tables();

    /** The tables that the schema phase creates; moved to {@code runbook_archive} when the run is taken back. */
    List<Table<?>> created();

    /** Numbers taken before and after, with what must hold between them. */
    List<Measure> measures();

    /** What is looked at in the old shape before anything is changed. */
    List<Check> assessment();

    /** The copies, in the order in which they run. */
    List<Backfill> backfills();

    /**
     * Roles that may write to the new tables before the cutover, beside the copy and the mirrors; what others write there
     * is noted and told.
     */
    default List<String> mayWrite() {
        return List.of();
    }

    /** The triggers that keep both shapes equal while both are in use. */
    List<Mirror> mirrors();

    /**
     * How a unit that a mirror could only note in {@code runbook.journal} is copied again, given the key as the mirror
     * wrote it; empty where no mirror writes there.
     */
    default Optional<Function<Field<JSONB>, Field<?>>> recopy() {
        return Optional.empty();
    }

    /** What of the old shape may change through the migration itself, table by table; all else must stay as it is. */
    default List<Preserved> preserved() {
        return List.of();
    }

    /** The old shape against the new shape, key by key. */
    List<Comparison> comparisons();

    /** What must hold in the new shape. */
    List<Check> validation();

    /** Typical writes of the application to the old shape; without one nobody can tell what the mirrors cost it. */
    default List<Write> writes() {
        return List.of();
    }

    /** Queries of the application with the time that they may take. */
    List<Latency> latencies();

    /** The switch to the new shape, in both directions: the roll-back is derived from it. */
    List<Stage> cutover();

    /** What the old shape cannot hold. None given means that nobody has looked: a roll-back is then not verified. */
    List<Loss> losses();

    /** What of the old shape goes when nobody needs it any more. */
    List<Retirement> cleanup();

    /** How one unit alone is brought over and looked at, before the whole table is. */
    Optional<Trial> trial();
}
