package runbook.engine;

import static org.jooq.impl.DSL.field;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import runbook.spi.Migration;

/**
 * What must hold of a target before a phase touches it: a primary, reached directly, new enough, with the tables, keys
 * and privileges that the migration needs. Repeated at each phase, since a failover changes the answer.
 */
public final class Preflight {

    /** Before 14 there is no {@code hash_record_extended}, and old enough that nobody should begin there. */
    private static final int OLDEST = 140_000;

    /** Who has it as a default writes past every mirror; the application's roles count as much as ours. */
    private static final String SILENCED = """
            select case when s.setrole = 0 then 'DATABASE ' || quote_ident(current_database())
                        else 'ROLE ' || quote_ident(pg_get_userbyid(s.setrole))
                            || case when s.setdatabase = 0 then ''
                                    else ' IN DATABASE ' || quote_ident(current_database()) end end as whose,
                   split_part(setting, '=', 2) as value
            from pg_catalog.pg_db_role_setting s
            cross join unnest(s.setconfig) setting
            where s.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
              and setting like 'session_replication_role=%' and setting <> 'session_replication_role=origin'
            order by 1
            """;

    private final Target target;
    private final Migration migration;
    private final List<String> problems = new ArrayList<>();

    private Preflight(Target target, Migration migration) {
        this.target = target;
        this.migration = migration;
    }

    /** Every reason not to begin, each with its cure; empty when there is none. */
    public static List<String> problems(Target target, Migration migration) {
        // A run that is taken over may be past the point where its old shape is whole.
        boolean midway = Runs.installed(target.dsl())
                && Runs.open(target.dsl(), migration.name()).isPresent();
        return new Preflight(target, migration).look(!midway);
    }

    /** The same for a phase in the middle of a run, when old objects may already be retired. */
    static List<String> problemsMidway(Target target, Migration migration) {
        return new Preflight(target, migration).look(false);
    }

    private List<String> look(boolean beforeAnything) {
        DSLContext dsl = target.dsl();
        server(dsl);
        pooler();
        if (!problems.isEmpty()) {
            return problems;
        }
        mirrorsFire(dsl);
        Privileges.missing(dsl, migration).forEach(problem -> problems.add(at(problem)));
        if (beforeAnything) {
            OldShape.missing(dsl, migration).forEach(problem -> problems.add(at(problem)));
            problems.addAll(Readiness.unbounded(migration));
            problems.addAll(Comparability.described(migration));
        }
        return problems;
    }

    private void server(DSLContext dsl) {
        int version = dsl.select(field("current_setting('server_version_num')::int", Integer.class))
                .fetchSingle()
                .value1();
        if (version < OLDEST) {
            problems.add(at("PostgreSQL " + version / 10_000
                    + " found, 14 or newer expected. Upgrade the server, or point the service at another one."));
        }
        if (dsl.select(field("pg_is_in_recovery()", Boolean.class))
                .fetchSingle()
                .value1()) {
            problems.add(at("the server is a standby; a primary is expected. Point the service at the primary."));
        }
    }

    private void mirrorsFire(DSLContext dsl) {
        dsl.fetch(SILENCED)
                .forEach(row -> problems.add(at("session_replication_role is '" + row.get("value")
                        + "' by default, so mirrors would not fire; 'origin' is expected. ALTER " + row.get("whose")
                        + " RESET session_replication_role; and end the sessions that have it.")));
    }

    /** Two sessions that answer with one backend share it: something pools transactions in between. */
    private void pooler() {
        try (Connection one = target.session();
                Connection two = target.session()) {
            int first = backend(one);
            two.setAutoCommit(false);
            int second = backend(two);
            int again = backend(one);
            two.rollback();
            two.setAutoCommit(true);
            if (first == second || first != again) {
                problems.add(
                        at("a transaction pooler answers here; a direct connection is expected, since sessions hold"
                                + " settings and snapshots. Point the service at the server's own port."));
            }
        } catch (SQLException e) {
            // As for any other query: a server that restarts is waited for, and no reason to park.
            throw new DataAccessException("the target stopped answering", e);
        }
    }

    private static int backend(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery("select pg_backend_pid()")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private String at(String problem) {
        return "target '" + target.name() + "': " + problem;
    }
}
