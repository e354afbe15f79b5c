package runbook.sample;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The legacy schema and its rows at one time, asked of the database alone: every object with its definition, rights and
 * owner, and of every row what the application's log would tell of a change.
 */
public record OldShape(Map<String, String> objects, Map<String, String> users, Map<String, String> processes) {

    private static final String USERS = "select id, u::text from individual_process_status.users u";

    /** Who gives a process another title keeps no log of that. */
    private static final String PROCESSES = "select id, row(client_id, status, created_by, created_at)::text"
            + " from individual_process_status.individual_processes";

    private static final String OBJECTS = """
            with relation as (
                select * from pg_class where relnamespace = 'individual_process_status'::regnamespace)
            select 'relation ' || relname,
                concat_ws(' ', relkind, pg_get_userbyid(relowner), relacl, reloptions, relrowsecurity,
                    case relkind when 'v' then pg_get_viewdef(oid) when 'i' then pg_get_indexdef(oid) end)
            from relation
            union all
            select 'column ' || relname || '.' || attname,
                concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, pg_get_expr(adbin, adrelid))
            from relation join pg_attribute on attrelid = relation.oid and attnum > 0 and not attisdropped
            left join pg_attrdef on adrelid = attrelid and adnum = attnum
            union all
            select 'constraint ' || relname || ' ' || conname, pg_get_constraintdef(c.oid) || convalidated
            from relation join pg_constraint c on conrelid = relation.oid
            union all
            select 'trigger ' || relname || ' ' || tgname, pg_get_triggerdef(t.oid)
            from relation join pg_trigger t on tgrelid = relation.oid
            union all
            select 'policy ' || relname || ' ' || polname, concat_ws(' ', polroles, pg_get_expr(polqual, polrelid))
            from relation join pg_policy on polrelid = relation.oid
            union all
            select 'function ' || oid::regprocedure, concat_ws(' ', pg_get_functiondef(oid), proacl)
            from pg_proc where pronamespace = 'individual_process_status'::regnamespace""";

    public static OldShape of(Connection owner) throws SQLException {
        return new OldShape(read(owner, OBJECTS), read(owner, USERS), read(owner, PROCESSES));
    }

    /** What is not as it was before, but for the rows that the application changed: of those its log tells what they hold. */
    public List<String> differences(OldShape before, Collection<Change> changes) {
        Set<String> changed =
                changes.stream().map(change -> String.valueOf(change.process())).collect(Collectors.toSet());
        List<String> differences = new ArrayList<>();
        compare("", before.objects, objects, differences);
        compare("user ", before.users, users, differences);
        List<String> rows = new ArrayList<>();
        compare("", before.processes, processes, rows);
        rows.stream()
                .filter(row -> !changed.contains(row.substring(0, row.indexOf(':'))))
                .forEach(row -> differences.add("process " + row));
        return differences;
    }

    private static void compare(
            String what, Map<String, String> before, Map<String, String> now, List<String> differences) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        names.stream()
                .filter(name -> !Objects.equals(before.get(name), now.get(name)))
                .forEach(name -> differences.add(what + name + ": " + before.get(name) + " is now " + now.get(name)));
    }

    private static Map<String, String> read(Connection owner, String query) throws SQLException {
        Map<String, String> read = new TreeMap<>();
        try (Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                read.put(rows.getString(1), String.valueOf(rows.getString(2)));
            }
        }
        return read;
    }
}
