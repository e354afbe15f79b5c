package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.Table;
import runbook.spi.Backfill;
import runbook.spi.Key;
import runbook.spi.Migration;

/**
 * What must hold of a target before a phase touches it: a primary, reached directly, new enough, with the tables, keys
 * and privileges that the migration needs. Repeated at each phase, since a failover changes the answer.
 */
public final class Preflight {

    /** Before 14 there is no {@code hash_record_extended}, and old enough that nobody should begin there. */
    private static final int OLDEST = 140_000;

    private final Target target;
    private final Migration migration;
    private final List<String> problems = new ArrayList<>();

    private Preflight(Target target, Migration migration) {
        this.target = target;
        this.migration = migration;
    }

    /** Every reason not to go on, each with its cure; empty when there is none. */
    public static List<String> problems(Target target, Migration migration) {
        return new Preflight(target, migration).look(true);
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
        role(dsl);
        if (beforeAnything) {
            migration.tables().stream()
                    .sorted(java.util.Comparator.comparing(Table::toString))
                    .forEach(table -> table(dsl, table));
            keys(dsl);
        }
        return problems;
    }

    private void server(DSLContext dsl) {
        int version = dsl.select(field("current_setting('server_version_num')::int", Integer.class))
                .fetchSingle()
                .value1();
        if (version < OLDEST) {
            problems.add(at("PostgreSQL " + version / 10_000 + " found, 14 or newer expected"));
        }
        if (dsl.select(field("pg_is_in_recovery()", Boolean.class))
                .fetchSingle()
                .value1()) {
            problems.add(at("the server is a standby; a primary is expected. Point the service at the primary."));
        }
        String replication = dsl.select(field("current_setting('session_replication_role')", String.class))
                .fetchSingle()
                .value1();
        if (!"origin".equals(replication)) {
            problems.add(at("session_replication_role is '" + replication
                    + "' for this role, so mirrors would not fire; 'origin' is expected."
                    + " ALTER ROLE " + role(dsl, "current_user") + " RESET session_replication_role;"));
        }
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
            throw new RunbookException.UnusableTarget(
                    "target '" + target.name() + "' does not answer: SQLSTATE " + e.getSQLState(), e);
        }
    }

    private static int backend(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery("select pg_backend_pid()")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private void role(DSLContext dsl) {
        String role = role(dsl, "current_user");
        String database = role(dsl, "current_database()");
        if (!dsl.select(field("pg_has_role('pg_monitor', 'MEMBER')", Boolean.class))
                .fetchSingle()
                .value1()) {
            problems.add(at("the role may not see other sessions. GRANT pg_monitor TO " + role + ";"));
        }
        if (!dsl.select(field("has_database_privilege(current_database(), 'CREATE')", Boolean.class))
                .fetchSingle()
                .value1()) {
            problems.add(at("the role may not create schemas here. GRANT CREATE ON DATABASE " + database + " TO " + role
                    + ";"));
        }
        if (!dsl.select(field("rolcreatedb or rolsuper", Boolean.class))
                .from("pg_catalog.pg_roles")
                .where("rolname = current_user")
                .fetchSingle()
                .value1()) {
            problems.add(at("the role may not create the scratch database of the restore drill. ALTER ROLE " + role
                    + " CREATEDB;"));
        }
    }

    private void table(DSLContext dsl, Table<?> table) {
        String name = Sql.shown(table);
        var found = dsl.select(
                        field("pg_has_role(c.relowner, 'MEMBER')", Boolean.class),
                        field("quote_ident(pg_get_userbyid(c.relowner))", String.class))
                .from("pg_catalog.pg_class c")
                .where("c.oid = to_regclass({0})", inline(Sql.quoted(table)))
                .fetchOne();
        if (found == null) {
            problems.add(at("table " + name + " is not there. Expected the old shape of " + migration.name()
                    + "; is this the right database?"));
        } else if (!found.value1()) {
            problems.add(at("table " + name + " belongs to another role; only its owner may add mirrors and retire"
                    + " columns. GRANT " + found.value2() + " TO " + role(dsl, "current_user") + ";"));
        }
    }

    private void keys(DSLContext dsl) {
        for (Backfill backfill : migration.backfills()) {
            Key key = backfill.unit();
            if (migration.tables().contains(key.table()) && exists(dsl, key.table()) && !unique(dsl, key)) {
                problems.add(at("backfill '" + backfill.name() + "' reads " + Sql.shown(key.table())
                        + " by ("
                        + String.join(
                                ", ",
                                key.columns().stream().map(c -> c.getName()).toList())
                        + "), which needs a valid unique index over exactly these columns, all not null; none was found."
                        + " Add a primary key or such an index."));
            }
        }
    }

    private static boolean exists(DSLContext dsl, Table<?> table) {
        return dsl.select(field("to_regclass({0}) is not null", Boolean.class, val(Sql.quoted(table))))
                .fetchSingle()
                .value1();
    }

    private static boolean unique(DSLContext dsl, Key key) {
        Set<String> wanted =
                new TreeSet<>(key.columns().stream().map(c -> c.getName()).toList());
        return dsl
                .resultQuery("""
                        select array_agg(a.attname::text) as columns
                        from pg_catalog.pg_index i
                        join pg_catalog.pg_attribute a
                          on a.attrelid = i.indrelid and a.attnum = any (i.indkey[0 : i.indnkeyatts - 1])
                        where i.indrelid = to_regclass({0}) and i.indisunique and i.indisvalid and i.indpred is null
                          and i.indexprs is null
                        group by i.indexrelid
                        having bool_and(a.attnotnull)
                        """, inline(Sql.quoted(key.table())))
                .fetch(record -> new TreeSet<>(List.of(record.get(0, String[].class))))
                .stream()
                .anyMatch(wanted::equals);
    }

    private static String role(DSLContext dsl, String what) {
        return dsl.select(field("quote_ident(" + what + ")", String.class))
                .fetchSingle()
                .value1();
    }

    private String at(String problem) {
        return "target '" + target.name() + "': " + problem;
    }
}
