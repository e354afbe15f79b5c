package runbook.engine.backup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;

/** Whether saved rows still fit their tables. All reasons against it are found before anything is written. */
final class Fit {

    private static final String RIGHTS = """
            select pg_catalog.quote_ident(current_user) as writer,
                   pg_catalog.array_to_string(array(
                       select pg_catalog.upper(need) from pg_catalog.unnest(array['select', 'insert', 'update', 'delete']) as need
                       where not pg_catalog.has_table_privilege({0}::regclass, need)), ', ') as lacking
            """;

    private final DSLContext dsl;
    private final Map<TableName, Shape> shapes = new LinkedHashMap<>();

    Fit(DSLContext dsl) {
        this.dsl = dsl;
    }

    void demand(List<SavedTable> tables, boolean writing) {
        List<String> problems = new ArrayList<>();
        for (SavedTable table : tables) {
            Shape now = new Shapes(dsl).find(table.name());
            if (now != null) {
                shapes.put(table.name(), now);
                problems.addAll(columns(table.shape(), now));
                problems.addAll(rights(table.name(), writing));
            }
        }
        if (!problems.isEmpty()) {
            throw new RunbookException("restore: the backup does not fit.\n" + String.join("\n", problems)
                    + "\nNothing was changed. Cure them, or restore into another schema.");
        }
    }

    /** The present shape; nothing when the table is gone and will be made again. */
    @Nullable
    Shape shape(TableName table) {
        return shapes.get(table);
    }

    List<TableName> present(List<SavedTable> tables) {
        return tables.stream().map(SavedTable::name).filter(shapes::containsKey).toList();
    }

    /** Columns that came later are left alone; a saved one that is gone or has another type has nowhere to go. */
    private static List<String> columns(Shape saved, Shape now) {
        Map<String, Column> present = new LinkedHashMap<>();
        now.columns().forEach(column -> present.put(column.name(), column));
        List<String> problems = new ArrayList<>();
        for (Column column : saved.columns()) {
            Column here = present.get(column.name());
            if (!column.saved()) {
                continue;
            }
            if (here == null) {
                problems.add("- " + saved.name() + ": no column '" + column.name() + "'; expected one of type "
                        + column.type() + ", found " + present.keySet());
            } else if (!here.type().equals(column.type()) || !here.saved()) {
                problems.add("- " + saved.name() + ": column '" + column.name() + "' is "
                        + (here.saved() ? here.type() : "generated") + ", expected " + column.type());
            }
        }
        return problems;
    }

    private List<String> rights(TableName table, boolean writing) {
        Record found = dsl.fetchSingle(RIGHTS, DSL.inline(table.asText()));
        String lacking = found.get("lacking", String.class);
        return !writing || lacking.isEmpty()
                ? List.of()
                : List.of("- " + table + ": role " + found.get("writer") + " lacks " + lacking + ": GRANT " + lacking
                        + " ON " + table.asText() + " TO " + found.get("writer") + ";");
    }
}
