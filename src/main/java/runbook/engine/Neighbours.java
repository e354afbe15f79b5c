package runbook.engine;

import static org.jooq.impl.DSL.field;

import org.jooq.impl.DSL;

/**
 * Whether anybody else works in the database: batches are short then, since a row that a batch holds is a row that the
 * application may wait for. Who may not be seen counts as being at work.
 */
final class Neighbours {

    /** A look costs about as much as a row's copy; the answer seldom changes from one batch to the next. */
    private static final long EVERY_NANOS = 1_000_000_000L;

    private static final Pace.Aim ALONE = new Pace.Aim(200, "nobody else is active");
    private static final Pace.Aim IN_COMPANY = new Pace.Aim(40, "others are active");

    private final Target target;
    private Pace.Aim aim = IN_COMPANY;
    private long looked = System.nanoTime() - EVERY_NANOS;

    Neighbours(Target target) {
        this.target = target;
    }

    /** The time that a batch should take now. */
    Pace.Aim aim() {
        long now = System.nanoTime();
        if (now - looked >= EVERY_NANOS) {
            looked = now;
            aim = anybody() ? IN_COMPANY : ALONE;
        }
        return aim;
    }

    private boolean anybody() {
        return target.dsl()
                .fetchExists(
                        DSL.selectOne()
                                .from("pg_catalog.pg_stat_activity")
                                .where("datname = current_database() and backend_type = 'client backend'")
                                .and(field("application_name", String.class).ne("runbook"))
                                .and(
                                        "(state is null or state <> 'idle' or state_change > clock_timestamp() - interval '2 s')"));
    }
}
