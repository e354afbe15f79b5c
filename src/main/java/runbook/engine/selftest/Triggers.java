package runbook.engine.selftest;

import static org.jooq.impl.DSL.name;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Table;
import runbook.engine.Sql;
import runbook.spi.Migration;
import runbook.spi.Mirror;

/** Triggers of one table that stand aside for a moment, within a transaction; constraints stay in force. */
final class Triggers {

    private static final String ENABLED = "select tgname::text, tgenabled::text from pg_catalog.pg_trigger"
            + " where tgrelid::bigint = {0} and not tgisinternal and tgenabled <> 'D' order by 1";

    private final DSLContext tx;
    private final Table<?> table;
    private final Map<String, String> modes;

    private Triggers(DSLContext tx, Table<?> table, Predicate<String> which) {
        this.tx = tx;
        this.table = table;
        this.modes = tx.resultQuery(ENABLED, Sql.oid(table))
                .fetchMap(row -> row.get(0, String.class), row -> row.get(1, String.class));
        modes.keySet().removeIf(which.negate());
    }

    /** Every one of them. */
    static Triggers all(DSLContext tx, Table<?> table) {
        return new Triggers(tx, table, trigger -> true);
    }

    /** Those that would repeat in the other shape what is done here. */
    static Triggers mirrors(DSLContext tx, Table<?> table, Migration migration) {
        Set<String> mirrors = migration.mirrors().stream()
                .filter(mirror -> mirror.on().equals(table))
                .map(Mirror::trigger)
                .collect(Collectors.toSet());
        return new Triggers(tx, table, mirrors::contains);
    }

    void aside(Runnable work) {
        modes.keySet().forEach(trigger -> tx.execute("alter table {0} disable trigger {1}", table, name(trigger)));
        work.run();
        tx.execute("set constraints all immediate");
        modes.forEach((trigger, mode) -> tx.execute(
                switch (mode) {
                    case "A" -> "alter table {0} enable always trigger {1}";
                    case "R" -> "alter table {0} enable replica trigger {1}";
                    default -> "alter table {0} enable trigger {1}";
                },
                table,
                name(trigger)));
    }
}
