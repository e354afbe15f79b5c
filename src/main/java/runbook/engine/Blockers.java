package runbook.engine;

import static org.jooq.impl.DSL.field;

import java.time.Duration;
import java.util.List;
import org.jooq.impl.DSL;

/** Who holds us up: by pid and age, never by query text, which can quote values. */
final class Blockers {

    private Blockers() {}

    /** Whether somebody else has had a transaction open for longer than this, and so may hold a lock for as long. */
    static boolean olderThan(Target target, Duration age) {
        return target.dsl()
                .fetchExists(DSL.selectOne()
                        .from("pg_catalog.pg_stat_activity")
                        .where("datname = current_database() and pid <> pg_backend_pid()")
                        .and("backend_type = 'client backend'")
                        .and("xact_start < clock_timestamp() - {0} * interval '1 ms'", DSL.val(age.toMillis())));
    }

    /** The oldest open transactions of others in this database, in words. */
    static String words(Target target) {
        List<String> open = target.dsl()
                .select(
                        field("pid", Integer.class),
                        field("coalesce(usename::text, '?')", String.class),
                        field("coalesce(nullif(application_name, ''), '?')", String.class),
                        field("extract(epoch from clock_timestamp() - xact_start)::bigint", Long.class),
                        field("coalesce(state, '?')", String.class))
                .from("pg_catalog.pg_stat_activity")
                .where("datname = current_database() and pid <> pg_backend_pid() and xact_start is not null")
                .orderBy(field("xact_start"))
                .limit(3)
                .fetch(row -> "pid " + row.value1() + " (" + row.value2() + ", " + row.value3() + ", " + row.value5()
                        + ", transaction open for " + row.value4() + " s)");
        return open.isEmpty() ? "nobody who is still there" : String.join("; ", open);
    }
}
