package runbook.engine.selftest;

import static org.jooq.impl.DSL.name;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.DSLContext;
import org.jooq.QueryPart;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.engine.Target;

/** Copies of tables as they were, and what puts them back. Rows are told apart by their text, which every type has. */
final class Originals {

    private static final String SCHEMA = "runbook_selftest";

    private static final String DIFFERENT = "select words from (select here_::text as words, count(*) from {0} here_"
            + " group by 1 except select kept_::text, count(*) from {1} kept_ group by 1) different";

    private final Target target;
    private final Map<Table<?>, Table<?>> copies = new LinkedHashMap<>();

    /** Copies them now. */
    Originals(Target target, List<Table<?>> tables) {
        this.target = target;
        target.inTransaction(tx -> {
            tx.createSchema(name(SCHEMA)).execute();
            for (Table<?> table : tables) {
                Table<?> copy = DSL.table(name(SCHEMA, "original_" + copies.size()));
                tx.execute("create table {0} as table {1}", copy, table);
                copies.putIfAbsent(table, copy);
            }
            return tx;
        });
    }

    /** Whether one of these is not as it was. */
    boolean changed(List<Table<?>> tables) {
        return tables.stream().anyMatch(table -> target.dsl()
                .fetchSingle(
                        "select exists (" + DIFFERENT + ") or (select count(*) from {0})"
                                + " <> (select count(*) from {1})",
                        table,
                        copy(table))
                .get(0, Boolean.class));
    }

    /** All rows as they were, with no trigger in force; parents before the rows that refer to them. */
    void putBack() {
        target.inTransaction(tx -> {
            List<Table<?>> last = new ArrayList<>(copies.keySet());
            Collections.reverse(last);
            last.forEach(table -> Triggers.all(tx, table)
                    .aside(() -> tx.execute(
                            "delete from {0} gone_ where gone_::text in (" + DIFFERENT + ")", table, copy(table))));
            copies.keySet().forEach(table -> Triggers.all(tx, table).aside(() -> insert(tx, table)));
            return tx;
        });
    }

    private void insert(DSLContext tx, Table<?> table) {
        QueryPart columns = DSL.list(Column.of(tx, table).stream()
                .filter(column -> !column.generated())
                .map(Column::field)
                .toList());
        tx.execute(
                "insert into {0} ({2}) overriding system value select {2} from {1} kept_"
                        + " where not exists (select from {0} here_ where here_::text = kept_::text)",
                table, copy(table), columns);
    }

    private Table<?> copy(Table<?> table) {
        return Objects.requireNonNull(copies.get(table));
    }
}
