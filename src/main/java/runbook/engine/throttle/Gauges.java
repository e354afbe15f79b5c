package runbook.engine.throttle;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.val;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import runbook.engine.Target;
import runbook.message.Signal;

/**
 * Reads the server's signals in one round trip. Sessions of ours do not count. Without a replica, an archiver or a slot
 * the reading is 0; without the right to see others there is none.
 */
final class Gauges {

    private static final int CHECKPOINTER_APART = 170_000;

    /** Not a wait for somebody else, so it needs a core. */
    private static final String ACTIVE = """
            (select count(*) / {0} from pg_catalog.pg_stat_activity
             where state = 'active' and backend_type = 'client backend' and application_name is distinct from 'runbook'
               and coalesce(wait_event_type, '') not in ('Lock', 'Client', 'Timeout'))
            """;

    /** Whoever waits for a row waits for its transaction, so the touched table is found among what it holds. */
    private static final String LOCK_WAITERS = """
            (select count(distinct w.pid)
             from pg_catalog.pg_locks w
             join pg_catalog.pg_stat_activity a on a.pid = w.pid and a.application_name is distinct from 'runbook'
             join pg_catalog.pg_locks t on t.pid = w.pid and t.locktype = 'relation' and t.relation::bigint = any({0})
             where not w.granted
               and t.database = (select oid from pg_catalog.pg_database where datname = current_database()))
            """;

    private static final String ARCHIVE_QUEUE = """
            (case when current_setting('archive_mode') = 'off' then 0
                  else (select count(*) from pg_catalog.pg_ls_archive_statusdir() where name like '%.ready') end)
            """;

    private static final String VACUUMS = """
            (select count(*)
             from pg_catalog.pg_stat_progress_vacuum v
             join pg_catalog.pg_stat_activity a on a.pid = v.pid and a.backend_type = 'autovacuum worker'
             where v.datname = current_database() and v.relid::bigint = any({0}) and a.query like {1})
            """;

    private static final String OLDEST_SNAPSHOT = """
            (select coalesce(extract(epoch from clock_timestamp() - min(began)), 0)
             from (select xact_start as began from pg_catalog.pg_stat_activity
                   where datname = current_database() and backend_type = 'client backend'
                     and application_name is distinct from 'runbook'
                     and (backend_xmin is not null or backend_xid is not null)
                   union all
                   select prepared from pg_catalog.pg_prepared_xacts where database = current_database()) t)
            """;

    /** Below ten thousand it is no burden, however small the table. */
    private static final String DEAD_TUPLES = """
            (select coalesce(max(100.0 * n_dead_tup / (n_live_tup + n_dead_tup)), 0)
             from pg_catalog.pg_stat_all_tables where relid::bigint = any({0}) and n_dead_tup >= 10000)
            """;

    private static final String SLOT_RETAINED = """
            (select coalesce(max(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), restart_lsn)), 0)
             from pg_catalog.pg_replication_slots)
            """;

    private final Target target;
    private final Field<Long[]> tables;
    private final Field<Integer> cores;
    private final Map<Signal, Rise> rises = new EnumMap<>(Signal.class);
    private @Nullable Integer version;

    /** @param tables the object ids of what is touched */
    Gauges(Target target, Collection<Long> tables, int cores) {
        this.target = target;
        this.tables = val(tables.toArray(Long[]::new));
        this.cores = val(cores);
    }

    /** Reads what is wanted, together; where that fails one by one, to find out which of them it is. */
    Map<Signal, Reading> read(Collection<Signal> wanted) {
        Map<Signal, Reading> readings = new EnumMap<>(Signal.class);
        if (wanted.isEmpty()) {
            return readings;
        }
        try {
            return together(List.copyOf(wanted));
        } catch (DataAccessException e) {
            Errors.passOn(e);
            for (Signal signal : wanted) {
                readings.put(
                        signal,
                        wanted.size() == 1
                                ? Errors.unreadable(e)
                                : read(List.of(signal)).get(signal));
            }
            return readings;
        }
    }

    private Map<Signal, Reading> together(List<Signal> wanted) {
        List<Field<?>> fields = new ArrayList<>();
        fields.add(field("pg_has_role('pg_monitor', 'USAGE')", Boolean.class));
        fields.add(field("quote_ident(current_user)", String.class));
        wanted.forEach(signal -> fields.add(sql(signal)));
        Record row = target.dsl().select(fields).fetchSingle();
        long now = System.nanoTime();
        Map<Signal, Reading> readings = new EnumMap<>(Signal.class);
        for (int i = 0; i < wanted.size(); i++) {
            Signal signal = wanted.get(i);
            readings.put(
                    signal,
                    row.get(0, Boolean.class)
                            ? Reading.of(number(signal, now, row.get(i + 2, Double.class)))
                            : Reading.unreadable("the role may not see other sessions. GRANT pg_monitor TO "
                                    + row.get(1, String.class) + ";"));
        }
        return readings;
    }

    private double number(Signal signal, long now, double read) {
        Rise rise = rises.computeIfAbsent(signal, counter -> new Rise());
        return switch (signal) {
            case WAL_RATE -> rise.perSecond(now, read);
            case CHECKPOINTS, DEADLOCKS, ROLLBACKS -> rise.perMinute(now, read);
            default -> Math.max(0, read);
        };
    }

    private Field<Double> sql(Signal signal) {
        return switch (signal) {
            case REPLICA_LAG ->
                number("(select coalesce(extract(epoch from max(replay_lag)), 0) from pg_catalog.pg_stat_replication)");
            case LOCK_WAITERS -> number(LOCK_WAITERS, tables);
            case ACTIVE_SESSIONS -> number(ACTIVE, cores.cast(Double.class));
            case WAL_RATE -> number("pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')");
            case ARCHIVE_QUEUE -> number(ARCHIVE_QUEUE);
            case AUTOVACUUM -> number(VACUUMS, tables, val("%"));
            case WRAPAROUND -> number(VACUUMS, tables, val("%(to prevent wraparound)"));
            case OLDEST_SNAPSHOT -> number(OLDEST_SNAPSHOT);
            case DEAD_TUPLES -> number(DEAD_TUPLES, tables);
            case CHECKPOINTS ->
                number(
                        version() >= CHECKPOINTER_APART
                                ? "(select num_requested from pg_catalog.pg_stat_checkpointer)"
                                : "(select checkpoints_req from pg_catalog.pg_stat_bgwriter)");
            case SLOT_RETAINED -> number(SLOT_RETAINED);
            case DEADLOCKS -> ofDatabase("deadlocks");
            case ROLLBACKS -> ofDatabase("xact_rollback");
            case CUSTOM -> throw new IllegalArgumentException("the custom query is not one of ours");
        };
    }

    private static Field<Double> ofDatabase(String counter) {
        return number("(select " + counter + " from pg_catalog.pg_stat_database where datname = current_database())");
    }

    private static Field<Double> number(String sql, Field<?>... values) {
        return field("(" + sql + ")::float8", Double.class, values);
    }

    private int version() {
        Integer known = version;
        if (known == null) {
            known = target.dsl()
                    .select(field("current_setting('server_version_num')::int", Integer.class))
                    .fetchSingle()
                    .value1();
            version = known;
        }
        return known;
    }
}
