package runbook.engine;

import static org.jooq.impl.DSL.field;

import java.util.List;

/** Who holds us up: by pid and age, never by query text, which can quote values. */
final class Blockers {

    private Blockers() {}

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
