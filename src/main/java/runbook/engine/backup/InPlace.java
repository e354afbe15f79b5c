package runbook.engine.backup;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;

/**
 * Tables made equal to the backup where they are. Writers wait meanwhile. Rows are inserted parents first, then changed,
 * then deleted children first: no row is deleted that another one is about to stop pointing at.
 */
final class InPlace {

    private static final String REFERENCES = """
            select n.nspname::text as schema, c.relname::text as name, k.conname::text as key, k.confdeltype::text as act
            from pg_catalog.pg_constraint k
            join pg_catalog.pg_class c on c.oid = k.conrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where k.contype = 'f' and k.confrelid = {0}::regclass and k.confdeltype in ('c', 'n', 'd')
            order by 1, 2, 3
            """;

    private final Session session;
    private final Stored stored;
    private final boolean dryRun;
    private final Set<String> notes;
    private final Missing missing;
    private final Map<TableName, Merge> merges = new LinkedHashMap<>();
    private final Map<TableName, Merge.Difference> before = new LinkedHashMap<>();

    /** @param notes where people are told what they should know besides */
    InPlace(Session session, Stored stored, boolean dryRun, Set<String> notes) {
        this.session = session;
        this.stored = stored;
        this.dryRun = dryRun;
        this.notes = notes;
        this.missing = new Missing(session, stored, notes);
    }

    List<TableRestore> merge(List<SavedTable> tables, Consumer<String> doing) throws SQLException, IOException {
        List<SavedTable> ordered = parentsFirst(tables);
        Fit fit = new Fit(session.dsl());
        fit.demand(ordered, !dryRun);
        if (!dryRun) {
            lock(fit.present(ordered), doing);
            session.dsl().execute("set constraints all deferred");
        }
        for (SavedTable table : ordered) {
            doing.accept("comparing " + table.name());
            look(table, fit.shape(table.name()));
        }
        noteReferences();
        if (!dryRun) {
            apply(List.copyOf(merges.values()), doing);
            missing.finish(before.keySet());
        }
        List<TableRestore> results = new ArrayList<>();
        for (SavedTable table : ordered) {
            results.add(result(table.name(), fit.shape(table.name()) == null));
        }
        return results;
    }

    /** @param now nothing when the table is gone */
    private void look(SavedTable table, @Nullable Shape now) throws SQLException, IOException {
        if (now == null) {
            before.put(table.name(), new Merge.Difference(table.rows(), 0, 0));
            if (!dryRun) {
                missing.create(table);
            }
            return;
        }
        Merge merge = new Merge(session, table, now, merges.size());
        merge.load(stored);
        merges.put(table.name(), merge);
        before.put(table.name(), merge.difference());
    }

    private void lock(List<TableName> tables, Consumer<String> doing) {
        for (TableName table : tables.stream().sorted().toList()) {
            doing.accept("locking " + table + " against writers");
            session.dsl().execute("lock table only {0} in share row exclusive mode", table.quoted());
        }
    }

    private void apply(List<Merge> merges, Consumer<String> doing) {
        for (Merge merge : merges) {
            doing.accept("inserting into " + merge.table().name());
            merge.insertMissing();
        }
        for (Merge merge : merges) {
            doing.accept("updating " + merge.table().name());
            merge.updateDifferent();
        }
        for (int i = merges.size() - 1; i >= 0; i--) {
            doing.accept("deleting from " + merges.get(i).table().name());
            merges.get(i).deleteSurplus();
        }
        doing.accept("checking foreign keys");
        session.dsl().execute("set constraints all immediate");
    }

    private TableRestore result(TableName table, boolean created) {
        Merge.Difference found = before.getOrDefault(table, Merge.Difference.NONE);
        Merge merge = merges.get(table);
        long remaining = merge == null || dryRun ? 0 : merge.difference().total();
        return new TableRestore(
                table.toString(), created, found.onlyInBackup(), found.onlyInTable(), found.different(), remaining);
    }

    /** Rows that go reach into other tables; people must know before they say yes. */
    private void noteReferences() {
        before.forEach((table, difference) -> {
            if (difference.onlyInTable() > 0) {
                for (Record key : session.dsl().fetch(REFERENCES, DSL.inline(table.asText()))) {
                    noteReference(table, difference.onlyInTable(), key);
                }
            }
        });
    }

    private void noteReference(TableName table, long rows, Record key) {
        TableName other = new TableName(key.get("schema", String.class), key.get("name", String.class));
        if (!before.containsKey(other)) {
            notes.add(rows + " rows of " + table + " are not in the backup; by foreign key " + key.get("key")
                    + " their rows in " + other
                    + ("c".equals(key.get("act")) ? " go with them" : " lose their reference"));
        }
    }

    private static List<SavedTable> parentsFirst(List<SavedTable> tables) {
        Map<TableName, SavedTable> byName = new LinkedHashMap<>();
        tables.forEach(table -> byName.put(table.name(), table));
        Set<TableName> ordered = new LinkedHashSet<>();
        tables.forEach(table -> visit(table.name(), byName, new LinkedHashSet<>(), ordered));
        return ordered.stream().map(name -> found(byName, name)).toList();
    }

    /** A circle of foreign keys is cut where it was entered; deferrable keys hold it together until the end. */
    private static void visit(
            TableName name, Map<TableName, SavedTable> tables, Set<TableName> path, Set<TableName> ordered) {
        if (ordered.contains(name) || !tables.containsKey(name) || !path.add(name)) {
            return;
        }
        for (Constraint key : found(tables, name).shape().foreignKeys()) {
            if (key.references() != null) {
                visit(key.references(), tables, path, ordered);
            }
        }
        ordered.add(name);
    }

    private static SavedTable found(Map<TableName, SavedTable> tables, TableName name) {
        SavedTable table = tables.get(name);
        if (table == null) {
            throw new RunbookException("restore: no table " + name);
        }
        return table;
    }
}
