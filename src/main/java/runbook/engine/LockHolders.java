package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who holds a lock on a table now: by process, role, application and age, never by query text, which can quote values. */
public final class LockHolders {

    private LockHolders() {}

    /**
     * One lock of another session.
     *
     * @param transactionSeconds how long its transaction has been open; null where the server does not tell
     */
    public record Holder(
            String object,
            String mode,
            boolean granted,
            int pid,
            String user,
            String application,
            String state,
            @Nullable Long transactionSeconds) {}

    /** Locks of others on an object, the oldest transaction first. */
    public static List<Holder> of(Target target, String object) {
        return target.dsl()
                .select(
                        field("l.mode", String.class),
                        field("l.granted", Boolean.class),
                        field("coalesce(l.pid, 0)", Integer.class),
                        field("coalesce(a.usename::text, '?')", String.class),
                        field("coalesce(nullif(a.application_name, ''), '?')", String.class),
                        field("coalesce(a.state, a.backend_type, 'prepared transaction')", String.class),
                        field("extract(epoch from clock_timestamp() - a.xact_start)::bigint", Long.class))
                .from("pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid")
                .where(
                        "l.locktype = 'relation' and l.relation = to_regclass({0}) and l.pid is distinct from pg_backend_pid()",
                        inline(object))
                .and("l.database = (select oid from pg_catalog.pg_database where datname = current_database())")
                .orderBy(field("a.xact_start"), field("l.pid"))
                .fetch(row -> new Holder(
                        object,
                        row.value1(),
                        row.value2(),
                        row.value3(),
                        row.value4(),
                        row.value5(),
                        row.value6(),
                        row.value7()));
    }

    /** Those of the locks that a lock of this mode would wait for. */
    public static List<Holder> inTheWayOf(String mode, List<Holder> holders) {
        return holders.stream()
                .filter(holder -> LockModes.conflict(mode, holder.mode()))
                .toList();
    }
}
