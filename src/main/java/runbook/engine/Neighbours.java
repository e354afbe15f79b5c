package runbook.engine;

import static org.jooq.impl.DSL.field;

import org.jooq.impl.DSL;

/**
 * Whether anybody else works in the database. Batches are short then, since a row that a batch holds is a row that the
 * application may wait for, and the slots rest between them, since a core that they take is one that the application
 * waits for. Who may not be seen counts as being at work.
 */
final class Neighbours {

    /** A look costs about as much as a row's copy; the answer seldom changes from one batch to the next. */
    private static final long EVERY_NANOS = 1_000_000_000L;

    /** Of the cores, what all slots together take while others are at work. */
    private static final double SHARE = 0.25;

    private static final Pace.Aim ALONE = new Pace.Aim(200, 0, "nobody else is active");

    private final Target target;
    private boolean somebody = true;
    private long looked = System.nanoTime() - EVERY_NANOS;

    Neighbours(Target target) {
        this.target = target;
    }

    /** The time that a batch of one of so many slots should take now. */
    Pace.Aim aim(int slots) {
        long now = System.nanoTime();
        if (now - looked >= EVERY_NANOS) {
            looked = now;
            somebody = anybody();
        }
        return somebody ? inCompany(slots, Copier.CORES) : ALONE;
    }

    static Pace.Aim inCompany(int slots, int cores) {
        return new Pace.Aim(10, Math.max(0, slots / (SHARE * cores) - 1), "others are active");
    }

    /** How many batches may run at once beside others. */
    static int turns(int cores) {
        return Math.max(1, (int) (SHARE * cores));
    }

    private boolean anybody() {
        return target.dsl()
                .fetchExists(
                        DSL.selectOne()
                                .from("pg_catalog.pg_stat_activity")
                                .where("datname = current_database()"
                                        + " and coalesce(backend_type, 'client backend') = 'client backend'")
                                .and(field("application_name", String.class).ne("runbook"))
                                .and(
                                        "(state is null or state <> 'idle' or state_change > clock_timestamp() - interval '2 s')"));
    }
}
