package runbook.engine.backup;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.Name;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.SQL;
import org.jooq.impl.DSL;

/**
 * Makes a table equal to its file by ordinary writes to the rows that differ, so that triggers, mirrors among them, see
 * what they would see from the application. Rows are matched by primary key, or, without one, by all their columns.
 */
final class Merge {

    private static final Name PLACE = DSL.name("place");
    private static final Name TEXT = DSL.name("row_text");

    private final Session session;
    private final SavedTable table;
    private final Name live;
    private final Name saved;
    private final List<Name> columns;
    private final List<String> key;
    private final Set<String> fixed;

    /**
     * @param now the table's present shape
     * @param number tells the temporary tables of one restore apart
     */
    Merge(Session session, SavedTable table, Shape now, int number) {
        this.session = session;
        this.table = table;
        this.live = table.name().quoted();
        this.saved = DSL.name("pg_temp", "saved_" + number);
        this.columns = table.shape().saved();
        this.key = now.key().equals(table.shape().key()) ? now.key() : List.of();
        this.fixed = now.columns().stream()
                .filter(column -> column.identity().equals("always"))
                .map(Column::name)
                .collect(Collectors.toSet());
    }

    SavedTable table() {
        return table;
    }

    /** Brings the file beside the table. */
    void load(Stored stored) throws SQLException, IOException {
        session.dsl()
                .execute(
                        "create temporary table {0} on commit drop as select {1} from only {2} with no data",
                        DSL.name(saved.last()), DSL.list(columns), live);
        Rebuild.fill(session, stored, table, saved);
        session.dsl().execute("analyze {0}", saved);
    }

    /** How the table differs from the file. */
    record Difference(long onlyInBackup, long onlyInTable, long different) {

        static final Difference NONE = new Difference(0, 0, 0);

        long total() {
            return onlyInBackup + onlyInTable + different;
        }
    }

    Difference difference() {
        Record counted = session.dsl()
                .fetchSingle(
                        "with {0} select pg_catalog.count(*) filter (where l.place is null) as in_backup,"
                                + " pg_catalog.count(*) filter (where s.place is null) as in_table,"
                                + " pg_catalog.count(*) filter (where l.row_text <> s.row_text) as different"
                                + " from l full join s on {1}",
                        both(), matched());
        return new Difference(
                counted.get("in_backup", Long.class),
                counted.get("in_table", Long.class),
                counted.get("different", Long.class));
    }

    void insertMissing() {
        session.dsl()
                .execute(
                        "with {0} insert into {1} {2} overriding system value select {3} from {4} where ctid in ("
                                + "select s.place from s left join l on {5} where l.place is null)",
                        both(),
                        live,
                        columns.isEmpty() ? DSL.sql("") : DSL.sql("({0})", DSL.list(columns)),
                        DSL.list(columns),
                        saved,
                        matched());
    }

    void updateDifferent() {
        List<Name> changing = columns.stream()
                .filter(column -> !key.contains(column.last()) && !fixed.contains(column.last()))
                .toList();
        if (key.isEmpty() || changing.isEmpty()) {
            return;
        }
        List<QueryPart> assignments = new ArrayList<>();
        changing.forEach(column -> assignments.add(DSL.sql("{0} = saved_row.{0}", column)));
        session.dsl()
                .execute(
                        "with {0} update only {1} as live_row set {2} from {3} as saved_row, l join s on {4}"
                                + " where live_row.ctid = l.place and saved_row.ctid = s.place"
                                + " and l.row_text <> s.row_text",
                        both(), live, DSL.list(assignments), saved, matched());
    }

    void deleteSurplus() {
        session.dsl()
                .execute(
                        "with {0} delete from only {1} where ctid in ("
                                + "select l.place from l left join s on {2} where s.place is null)",
                        both(), live, matched());
    }

    private SQL both() {
        return DSL.sql("l as ({0}), s as ({1})", side(live), side(saved));
    }

    private SQL side(Name relation) {
        List<QueryPart> fields = new ArrayList<>();
        fields.add(DSL.sql("ctid as {0}", PLACE));
        fields.add(DSL.sql("{0} as {1}", Rows.text(columns), TEXT));
        if (key.isEmpty()) {
            fields.add(DSL.sql("{0} as {1}", Rows.text(columns), part(0)));
            fields.add(DSL.sql("pg_catalog.row_number() over (partition by {0}) as {1}", Rows.text(columns), part(1)));
        }
        for (int i = 0; i < key.size(); i++) {
            fields.add(DSL.sql("{0} as {1}", DSL.name(key.get(i)), part(i)));
        }
        return DSL.sql("select {0} from only {1}", DSL.list(fields), relation);
    }

    private SQL matched() {
        List<SQL> parts = new ArrayList<>();
        for (int i = 0; i < (key.isEmpty() ? 2 : key.size()); i++) {
            parts.add(DSL.sql("l.{0} = s.{0}", part(i)));
        }
        SQL all = parts.get(0);
        for (SQL next : parts.subList(1, parts.size())) {
            all = DSL.sql("{0} and {1}", all, next);
        }
        return all;
    }

    private static Name part(int number) {
        return DSL.name("k" + number);
    }
}
