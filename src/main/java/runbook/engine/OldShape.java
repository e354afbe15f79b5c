package runbook.engine;

import static org.jooq.impl.DSL.inline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.QueryPart;
import org.jooq.Table;
import runbook.spi.Backfill;
import runbook.spi.Migration;
import runbook.spi.Retirement;

/** Whether the old shape is there: its tables, the columns that are to be retired, and the keys that are copied by. */
final class OldShape {

    private final DSLContext dsl;
    private final Migration migration;

    private OldShape(DSLContext dsl, Migration migration) {
        this.dsl = dsl;
        this.migration = migration;
    }

    /** What of it is not there, each as a problem with its cure; empty when a run can begin. */
    static List<String> missing(DSLContext dsl, Migration migration) {
        return new OldShape(dsl, migration).look();
    }

    private List<String> look() {
        List<String> gone = gone();
        if (!gone.isEmpty()) {
            return List.of(absent(gone));
        }
        List<String> problems = new ArrayList<>();
        for (Backfill backfill : migration.backfills()) {
            if (migration.tables().contains(backfill.unit().table())) {
                problems.addAll(Readiness.unordered(dsl, backfill));
            }
        }
        return problems;
    }

    private List<String> gone() {
        List<String> gone = new ArrayList<>();
        migration.tables().stream()
                .filter(table -> !holds("{0} is not null", Sql.oid(table)))
                .sorted(Comparator.comparing(Sql::shown))
                .forEach(table -> gone.add("table " + Sql.shown(table)));
        for (Retirement piece : migration.cleanup()) {
            if (gone.isEmpty() && piece instanceof Retirement.Retire retired) {
                Table<?> table = Objects.requireNonNull(retired.column().getTable());
                String column = retired.column().getName();
                if (!hasColumn(table, column)) {
                    gone.add("column " + Sql.shown(table) + "." + column);
                }
            }
        }
        return gone;
    }

    private String absent(List<String> gone) {
        String what = String.join(", ", gone) + (gone.size() == 1 ? " is" : " are") + " not there";
        return Runs.completed(dsl, migration.name())
                .map(run -> what + ": run " + run + " of " + migration.name()
                        + " has completed here, the old shape is retired. Nothing is left to migrate." + retired())
                .orElse(what + ". Expected the old shape of " + migration.name() + "; is this the right database?");
    }

    /** What a run that ended before its drop has left, and what takes it away. */
    private String retired() {
        boolean left = migration.cleanup().stream().anyMatch(this::left);
        return left
                ? " What was retired is still there, to drop it: "
                        + Retirements.dropping(migration).stream()
                                .map(dsl::renderInlined)
                                .collect(Collectors.joining("; "))
                : "";
    }

    private boolean left(Retirement piece) {
        if (piece instanceof Retirement.Archive archive) {
            return holds(
                    "exists (select from pg_catalog.pg_class where relnamespace::regnamespace::text = {0} and relname = {1})",
                    inline(Retirements.ARCHIVE), inline(archive.table().getName()));
        }
        return piece instanceof Retirement.Retire retired
                && hasColumn(Objects.requireNonNull(retired.column().getTable()), retired.retiredName());
    }

    private boolean hasColumn(Table<?> table, String column) {
        return holds(
                "exists (select from pg_catalog.pg_attribute where attrelid::bigint = {0} and attname = {1} and attnum > 0)",
                Sql.oid(table), inline(column));
    }

    private boolean holds(String condition, QueryPart... parts) {
        return dsl.fetchSingle("select " + condition, parts).get(0, Boolean.class);
    }
}
