package runbook.sample;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says in words what is wrong with a database, given what the application did to it; an empty list is the proof that
 * nothing was lost. It asks the database alone, in plain SQL, in one snapshot, and believes nothing that the engine says.
 */
public final class Oracle {

    private static final int TOLD = 20;
    private static final String SCHEMA = "individual_process_status.";

    private final Connection connection;
    private final List<String> violations = new ArrayList<>();

    private Oracle(Connection connection) {
        this.connection = connection;
    }

    /**
     * Checks the new shape. When the mirrors began is worked out from the histories: the first change that is in one.
     *
     * @param connection a session that may read everything, such as the owner's
     * @param changes of an application that stands still
     */
    public static List<String> check(Connection connection, List<Change> changes) throws SQLException {
        return check(connection, changes, -1);
    }

    /**
     * Checks the new shape.
     *
     * @param mirroredFrom a mark of the writer: every later change must be in the history; -1 to work it out
     */
    public static List<String> check(Connection connection, List<Change> changes, long mirroredFrom)
            throws SQLException {
        return inSnapshot(connection, oracle -> {
            oracle.newShape();
            oracle.histories(byProcess(changes), mirroredFrom);
        });
    }

    /** Checks the legacy shape after a roll-back: every process has the status that it was given last. */
    public static List<String> checkLegacy(Connection connection, List<Change> changes) throws SQLException {
        return inSnapshot(connection, oracle -> oracle.legacy(byProcess(changes)));
    }

    @FunctionalInterface
    private interface Checks {
        void run(Oracle oracle) throws SQLException;
    }

    private static List<String> inSnapshot(Connection connection, Checks checks) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            Oracle oracle = new Oracle(connection);
            try (PreparedStatement snapshot =
                    connection.prepareStatement("set transaction isolation level repeatable read, read only")) {
                snapshot.execute();
            }
            checks.run(oracle);
            return oracle.violations;
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }

    private void newShape() throws SQLException {
        none("have not exactly one active status", """
                select p.id from individual_process_status.individual_processes p
                where 1 <> (select count(*) from individual_process_status.individual_process_statuses s
                            where s.individual_process_id = p.id and s.is_active)""");
        none("do not exist but have statuses", """
                select distinct s.individual_process_id from individual_process_status.individual_process_statuses s
                where not exists (select from individual_process_status.individual_processes p
                                  where p.id = s.individual_process_id)""");
        none("have an active status that is not their latest", """
                select s.individual_process_id from individual_process_status.individual_process_statuses s
                where s.is_active and exists (
                    select from individual_process_status.individual_process_statuses later
                    where later.individual_process_id = s.individual_process_id and later.position > s.position)""");
        none("have a migrated status that is not their first, or not as their creation says", """
                select s.individual_process_id from individual_process_status.individual_process_statuses s
                join individual_process_status.individual_processes p on p.id = s.individual_process_id
                left join individual_process_status.users u on u.id = p.created_by
                where s.notes = 'Migrated from legacy status field'
                    and (s.changed_at <> p.created_at or s.changed_by is distinct from u.id or exists (
                        select from individual_process_status.individual_process_statuses earlier
                        where earlier.individual_process_id = p.id and earlier.position < s.position))""");
        none("have a status changed by a user who does not exist", """
                select s.individual_process_id from individual_process_status.individual_process_statuses s
                where s.changed_by is not null
                    and not exists (select from individual_process_status.users u where u.id = s.changed_by)""");
        if (hasLegacyField()) {
            none("have another status in the legacy field than the active one", """
                    select p.id from individual_process_status.individual_processes p
                    join individual_process_status.individual_process_statuses s
                        on s.individual_process_id = p.id and s.is_active
                    where s.status_name is distinct from p.status""");
        }
    }

    private void histories(Map<Long, List<Change>> byProcess, long mirroredFrom) throws SQLException {
        Set<Long> users = users();
        Map<Long, List<Row>> rows = rows();
        List<History.Fit> fits = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        byProcess.forEach((process, changes) -> {
            History history = new History(process, changes, rows.getOrDefault(process, List.of()));
            History.Fit fit = history.fit(users);
            if (fit.unmirrored() < 0) {
                wrong.add(history.inWords(users));
            } else {
                fits.add(fit);
            }
        });
        tell(wrong.size() + " processes have another history than the application's log says", wrong);
        lost(fits, mirroredFrom);

        List<String> touched = new ArrayList<>();
        rows.forEach((process, statuses) -> {
            if (!byProcess.containsKey(process)
                    && (statuses.size() != 1 || !statuses.get(0).migrated())) {
                touched.add("process " + process + " has " + statuses.size() + " statuses");
            }
        });
        tell(touched.size() + " processes that nobody touched have more than their migrated status", touched);
    }

    /** Changes that left no trace of their own although there were mirrors, the earliest trace being the proof of them. */
    private void lost(List<History.Fit> fits, long mirroredFrom) {
        long from = mirroredFrom >= 0
                ? mirroredFrom
                : fits.stream()
                        .flatMap(fit -> fit.mirrored().stream())
                        .filter(Change::visible)
                        .mapToLong(Change::sequence)
                        .min()
                        .orElse(Long.MAX_VALUE);
        List<String> lost = new ArrayList<>();
        for (History.Fit fit : fits) {
            for (Change change : fit.lost()) {
                if (change.sequence() > from && change.visible()) {
                    lost.add("change " + change.sequence() + " of process " + fit.process());
                }
            }
        }
        tell(lost.size() + " changes are in no history although the mirrors were there", lost);
    }

    private void legacy(Map<Long, List<Change>> byProcess) throws SQLException {
        Map<Long, @Nullable String> statuses = new HashMap<>();
        query(
                "select id, status from " + SCHEMA + "individual_processes",
                row -> statuses.put(row.getLong(1), row.getString(2)));
        List<String> wrong = new ArrayList<>();
        byProcess.forEach((process, changes) -> {
            Change last = changes.get(changes.size() - 1);
            if (statuses.containsKey(process) == (last.kind() == Change.Kind.DELETE)) {
                wrong.add("process " + process + (statuses.containsKey(process) ? " is there again" : " is gone"));
            } else if (!Objects.equals(statuses.get(process), last.after())) {
                wrong.add("process " + process + " has '" + statuses.get(process) + "', not '" + last.after() + "'");
            }
        });
        tell(wrong.size() + " processes have not the status that they were given last", wrong);
    }

    private static Map<Long, List<Change>> byProcess(List<Change> changes) {
        Map<Long, List<Change>> byProcess = new LinkedHashMap<>();
        changes.forEach(change -> byProcess
                .computeIfAbsent(change.process(), id -> new ArrayList<>())
                .add(change));
        return byProcess;
    }

    private boolean hasLegacyField() throws SQLException {
        Set<Long> found = new HashSet<>();
        query(
                "select attnum from pg_attribute where attname = 'status' and not attisdropped"
                        + " and attrelid = 'individual_process_status.individual_processes'::regclass",
                row -> found.add(row.getLong(1)));
        return !found.isEmpty();
    }

    private Set<Long> users() throws SQLException {
        Set<Long> users = new HashSet<>();
        query("select id from " + SCHEMA + "users", row -> users.add(row.getLong(1)));
        return users;
    }

    private Map<Long, List<Row>> rows() throws SQLException {
        Map<Long, List<Row>> rows = new HashMap<>();
        query(
                "select individual_process_id, status_name, notes, changed_by, is_active from " + SCHEMA
                        + "individual_process_statuses order by individual_process_id, position",
                row -> rows.computeIfAbsent(row.getLong(1), id -> new ArrayList<>(2))
                        .add(new Row(
                                row.getString(2),
                                row.getString(3),
                                row.getObject(4, Long.class),
                                row.getBoolean(5),
                                false)));
        return rows;
    }

    private void none(String wrong, String query) throws SQLException {
        List<String> found = new ArrayList<>();
        query(query, row -> found.add(row.getString(1)));
        tell(found.size() + " processes " + wrong, found);
    }

    private void tell(String claim, List<String> found) {
        if (!found.isEmpty()) {
            violations.add(claim + ": " + String.join("; ", found.subList(0, Math.min(TOLD, found.size()))));
        }
    }

    @FunctionalInterface
    private interface EachRow {
        void take(ResultSet row) throws SQLException;
    }

    private void query(String sql, EachRow each) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(10_000);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.take(rows);
                }
            }
        }
    }
}
