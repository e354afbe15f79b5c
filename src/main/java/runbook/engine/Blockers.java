package runbook.engine;

import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.selectOne;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Who holds us up: sessions by pid, age, state and their newest statement, without its values. */
final class Blockers {

    /** Without pg_monitor what a session is cannot be seen: then it counts as somebody's. */
    private static final Condition OF_OTHERS = condition("datname = current_database() and pid <> pg_backend_pid()"
            + " and application_name is distinct from 'runbook' and xact_start is not null"
            + " and coalesce(backend_type, 'client backend') in ('client backend', 'autovacuum worker')");

    /** Whoever one of our sessions waits for at this moment, one of ours too. */
    private static final Condition WAITED_FOR = condition("pid in (select unnest(pg_blocking_pids(waits.pid))"
            + " from pg_catalog.pg_stat_activity waits where waits.datname = current_database()"
            + " and waits.application_name = 'runbook' and waits.wait_event_type = 'Lock')");

    private Blockers() {}

    /** Whether somebody else has had a transaction open for longer than this, and so may hold a lock for as long. */
    static boolean olderThan(Target target, Duration age) {
        return target.dsl()
                .fetchExists(selectOne()
                        .from("pg_catalog.pg_stat_activity")
                        .where("datname = current_database() and pid <> pg_backend_pid()")
                        .and("coalesce(backend_type, 'client backend') = 'client backend'")
                        .and("xact_start < clock_timestamp() - {0} * interval '1 ms'", DSL.val(age.toMillis())));
    }

    /** Whom our sessions wait for now. */
    static List<String> waitedFor(Target target) {
        return sessions(target, WAITED_FOR);
    }

    /**
     * Who blocked us, as a sentence; where nobody was seen to, the oldest transactions, which are not called blockers.
     *
     * @param seen who was waited for while there was a wait
     */
    static String sentence(Target target, List<String> seen) {
        if (!seen.isEmpty()) {
            return "Blocked by " + String.join("; ", seen) + ".";
        }
        List<String> oldest = sessions(target, OF_OTHERS);
        return "No blocker was seen; "
                + (oldest.isEmpty()
                        ? "no transaction of others is open."
                        : "the oldest transactions of others: " + String.join("; ", oldest) + ".");
    }

    /** Transactions of the application that have been open for longer than this, the oldest first, prepared ones too. */
    static List<String> openFor(Target target, Duration age) {
        Field<Long> limit = DSL.val(age.toMillis());
        List<String> open = new ArrayList<>(sessions(
                target,
                condition("datname = current_database() and backend_type = 'client backend'"
                                + " and row(application_name, usename) is distinct from row('runbook', session_user)")
                        .and("xact_start < clock_timestamp() - {0} * interval '1 ms'", limit)));
        target.dsl()
                .select(field("extract(epoch from clock_timestamp() - prepared)::bigint", Long.class))
                .from("pg_catalog.pg_prepared_xacts")
                .where("database = current_database()")
                .and("prepared < clock_timestamp() - {0} * interval '1 ms'", limit)
                .forEach(row ->
                        open.add("a prepared transaction of pg_prepared_xacts, open for " + row.value1() + " s"));
        return open;
    }

    /** Whether the age of other sessions' transactions can be seen: without that right all of them seem to have none. */
    static boolean seen(Target target) {
        return target.dsl()
                .fetchSingle("select pg_has_role(current_user, 'pg_read_all_stats', 'usage')")
                .get(0, Boolean.class);
    }

    private static List<String> sessions(Target target, Condition which) {
        return target.dsl()
                .select(
                        field("pid", Integer.class),
                        field("coalesce(usename::text, '?')", String.class),
                        field("coalesce(nullif(application_name, ''), '?')", String.class),
                        field("coalesce(state, '?')", String.class),
                        field("extract(epoch from clock_timestamp() - xact_start)::bigint", Long.class),
                        field("coalesce(query, '')", String.class))
                .from("pg_catalog.pg_stat_activity")
                .where(which)
                .orderBy(field("xact_start"), field("pid"))
                .limit(inline(3))
                .fetch(row -> "pid " + row.value1() + " (" + row.value2() + ", " + row.value3() + ", " + row.value4()
                        + (row.value5() == null ? "" : ", transaction open for " + row.value5() + " s")
                        + (row.value6().isEmpty() ? "" : ", newest statement: " + Wording.withoutValues(row.value6()))
                        + ")");
    }
}
