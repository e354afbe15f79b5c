package runbook.engine.selftest;

import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.list;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import runbook.engine.RunbookException;
import runbook.engine.Sql;
import runbook.engine.Target;
import runbook.spi.Migration;

/** Plants one corruption in the new shape, past the mirrors. The database's own constraints and triggers stay in force. */
final class Planting {

    /** The first row for which a condition holds. */
    private static final String FIRST = "(select ctid from {0} where {1} order by ctid limit 1)";

    /** Errors that tell of a value or a rule, as opposed to a fault of ours: data, integrity, and what triggers raise. */
    private static final String OF_RULES = "(22|23|P0|RB).*|55000|44000";

    /** SQLSTATE insufficient_privilege: whether the value would have been refused nobody knows. */
    private static final String NO_RIGHT = "42501";

    private static final String SWAP = """
            update {0} set {1} = case {0}.ctid when pair.one then pair.other_value else pair.one_value end
            from (select a.ctid as one, a.{1} as one_value, b.ctid as other, b.{1} as other_value
                  from (select ctid, {1} from {0} where {1} is not null order by ctid limit 1) a
                  cross join lateral (select ctid, {1} from {0} where {1}::text <> a.{1}::text order by ctid limit 1) b) pair
            where {0}.ctid in (pair.one, pair.other)
            """;

    private final Target target;
    private final Migration migration;

    /**
     * How a planting ended.
     *
     * @param rows how many are spoilt; none where no row was suitable
     * @param refused what the database had against it; empty when it took it
     */
    record Planted(int rows, String refused) {}

    Planting(Target target, Migration migration) {
        this.target = target;
        this.migration = migration;
    }

    /**
     * One value of a column.
     *
     * @throws RunbookException, like each of these, when the role lacks a right that planting needs
     */
    Planted value(Table<?> table, Column column, Corruption corruption) {
        return past(table, tx -> {
            QueryPart first = first(table, condition(corruption.suits(), column.field()));
            return tx.execute(
                    "update {0} set {1} = {2} where ctid = {3}",
                    table, column.field(), field(corruption.becomes(), column.field()), first);
        });
    }

    /** The values of two rows. */
    Planted swap(Table<?> table, Column column) {
        return past(table, tx -> tx.execute(SWAP, table, column.field()));
    }

    Planted drop(Table<?> table) {
        return past(
                table, tx -> tx.execute("delete from {0} where ctid = {1}", table, first(table, condition("true"))));
    }

    /** A row once more; what the database draws is drawn anew. */
    Planted duplicate(Table<?> table, List<Column> columns) {
        return past(table, tx -> again(tx, table, columns, false));
    }

    /** A row that somebody else writes, with every trigger in force. */
    Planted foreign(Table<?> table, List<Column> columns) {
        return attempt(table, tx -> again(tx, table, columns, true));
    }

    private static int again(DSLContext tx, Table<?> table, List<Column> columns, boolean other) {
        List<Field<?>> values = new ArrayList<>();
        for (Column column : columns) {
            values.add(
                    other && column.isText()
                            ? field("{0}::text || {1}", column.field(), inline(", by hand"))
                            : column.field());
        }
        return tx.execute(
                "insert into {0} ({1}) select {2} from {0} where ctid = {3}",
                table,
                list(columns.stream().map(Column::field).toList()),
                list(values),
                first(table, condition("true")));
    }

    private static QueryPart first(Table<?> table, QueryPart which) {
        return field(FIRST, table, which);
    }

    private Planted past(Table<?> table, ToIntFunction<DSLContext> change) {
        return attempt(table, tx -> {
            int[] rows = new int[1];
            Triggers.mirrors(tx, table, migration).aside(() -> rows[0] = change.applyAsInt(tx));
            return rows[0];
        });
    }

    private Planted attempt(Table<?> table, ToIntFunction<DSLContext> change) {
        try {
            return new Planted(target.inTransaction(change::applyAsInt), "");
        } catch (DataAccessException e) {
            if (NO_RIGHT.equals(e.sqlState())) {
                throw noRight(table, e);
            }
            if (!e.sqlState().matches(OF_RULES)) {
                throw e;
            }
            return new Planted(0, words(e));
        }
    }

    private RunbookException noRight(Table<?> table, DataAccessException error) {
        Record found = target.dsl()
                .fetchSingle(
                        "select quote_ident(current_user), quote_ident(pg_get_userbyid(relowner))"
                                + " from pg_catalog.pg_class where oid::bigint = {0}",
                        Sql.oid(table));
        String name = table.getQualifiedName().quotedName().toString();
        String role = found.get(0, String.class);
        String owner = found.get(1, String.class);
        return new RunbookException(
                migration.name() + ": selftest: " + name + ": role " + role
                        + " may not write there, or put its triggers aside (SQLSTATE " + NO_RIGHT
                        + "), expected the rights of a run. What was planted before was put back, and the rest was not"
                        + " planted. GRANT SELECT, INSERT, UPDATE, DELETE ON " + name + " TO " + role + ";"
                        + (owner.equals(role) ? "" : " GRANT " + owner + " TO " + role + ";")
                        + " Then: ./runbook selftest " + migration.name(),
                error);
    }

    /** Which rule it was; a value is in none of these words. */
    private static String words(DataAccessException error) {
        PSQLException sql = error.getCause(PSQLException.class);
        ServerErrorMessage said = sql == null ? null : sql.getServerErrorMessage();
        String state = "SQLSTATE " + error.sqlState();
        if (said == null) {
            return state;
        }
        return said.getConstraint() != null
                ? said.getConstraint()
                : said.getColumn() != null ? "not null: " + said.getColumn() : state;
    }
}
