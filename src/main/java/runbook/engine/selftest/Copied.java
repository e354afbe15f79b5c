package runbook.engine.selftest;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import runbook.spi.Backfill;
import runbook.spi.Claimed;
import runbook.spi.Insert;
import runbook.spi.Migration;
import runbook.spi.Update;

/** What a migration's backfills write: the values that its validation has to answer for. */
final class Copied {

    private final DSLContext dsl;
    private final Migration migration;

    Copied(DSLContext dsl, Migration migration) {
        this.dsl = dsl;
        this.migration = migration;
    }

    /** The tables that backfills fill, in the order in which they do. */
    Set<Table<?>> tables() {
        return migration.backfills().stream()
                .map(Backfill::target)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The columns of a table that a backfill writes. */
    List<Column> columns(Table<?> table) {
        Set<String> written = new TreeSet<>();
        for (Backfill backfill : migration.backfills()) {
            if (backfill.target().equals(table)) {
                written.addAll(written(backfill));
            }
        }
        return Column.of(dsl, table).stream()
                .filter(column -> written.contains(column.name()))
                .toList();
    }

    /** Of a map in Java nobody knows which columns it fills, so it is all that the database does not draw by itself. */
    private List<String> written(Backfill backfill) {
        if (backfill instanceof Insert insert) {
            return insert.columns().stream().map(Field::getName).toList();
        }
        if (backfill instanceof Update update) {
            return update.set().keySet().stream().map(Field::getName).toList();
        }
        return Column.of(dsl, backfill.target()).stream()
                .filter(column -> !column.drawn())
                .map(Column::name)
                .toList();
    }

    /** What of the new shape nothing is planted in, each with the reason. */
    List<Finding> leftOut() {
        List<Finding> left = new ArrayList<>();
        for (Table<?> table : migration.created()) {
            if (ledger(table)) {
                left.add(none(table.getName(), "the ledger of the copy, which goes with the drop"));
            } else {
                List<Column> written = columns(table);
                Column.of(dsl, table).stream()
                        .filter(column -> !written.contains(column))
                        .forEach(column -> left.add(none(
                                table.getName() + "." + column.name(),
                                "no backfill writes it: the old shape does not hold it")));
            }
        }
        return left;
    }

    private static Finding none(String where, String why) {
        return new Finding("any", where, Finding.Fate.NOT_APPLICABLE, why);
    }

    private boolean ledger(Table<?> table) {
        return migration.backfills().stream()
                .anyMatch(backfill -> backfill instanceof Claimed claimed
                        && claimed.claims().table().equals(table));
    }
}
