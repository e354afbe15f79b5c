package runbook.engine;

import static org.jooq.impl.DSL.cast;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.RowN;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import runbook.spi.Key;

/** Keys as conditions and as JSON, and errors as SQLSTATEs. */
public final class Sql {

    private Sql() {}

    /** Schema and name: jOOQ keeps the schema of a generated table apart from its name. */
    static Name named(Table<?> table) {
        return table.getSchema() == null
                ? table.getUnqualifiedName()
                : DSL.name(table.getSchema().getUnqualifiedName(), table.getUnqualifiedName());
    }

    /** Another name in the table's schema. */
    static Name beside(Table<?> table, String name) {
        return table.getSchema() == null
                ? DSL.name(name)
                : DSL.name(table.getSchema().getUnqualifiedName(), DSL.name(name));
    }

    /** For {@code to_regclass}. */
    static String quoted(Table<?> table) {
        return named(table).quotedName().toString();
    }

    /** The table in the catalog, found without a right on its schema, which {@code to_regclass} asks for. */
    public static Field<Long> oid(Table<?> table) {
        return DSL.field(
                "(select c.oid::bigint from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
                        + " where n.nspname = {0} and c.relname = {1})",
                Long.class,
                DSL.inline(table.getSchema() == null ? "" : table.getSchema().getName()),
                DSL.inline(table.getName()));
    }

    /** For people. */
    static String shown(Table<?> table) {
        return named(table).unquotedName().toString();
    }

    /** The key's row is beyond the given one. */
    static Condition after(Key key, List<String> values) {
        List<Field<?>> given = typed(key, values);
        return key.columns().size() == 1
                ? greater(key.columns().get(0), given.get(0))
                : row(key.fields()).gt(row(given));
    }

    /** The key's row is not beyond the given one. */
    static Condition upTo(Key key, List<String> values) {
        List<Field<?>> given = typed(key, values);
        // Not the negation of "beyond": of a row comparison PostgreSQL makes no index condition then.
        return key.columns().size() == 1
                ? notGreater(key.columns().get(0), given.get(0))
                : row(key.fields()).le(row(given));
    }

    /** The key's row is one of these. */
    static Condition among(Key key, Collection<List<String>> rows) {
        if (key.columns().size() == 1) {
            return any(
                    key.columns().get(0),
                    rows.stream().map(values -> values.get(0)).toArray(String[]::new));
        }
        List<RowN> given = rows.stream().map(values -> row(typed(key, values))).toList();
        return given.isEmpty() ? falseCondition() : row(key.fields()).in(given);
    }

    /** The key's row is this one. */
    static Condition equal(Key key, List<String> values) {
        List<Field<?>> given = typed(key, values);
        Condition all = DSL.trueCondition();
        for (int i = 0; i < given.size(); i++) {
            all = all.and(same(key.columns().get(i), given.get(i)));
        }
        return all;
    }

    /** The key's values as PostgreSQL writes them, which it also reads: exact for every type, under pinned settings. */
    static List<Field<String>> texts(Key key) {
        return texts(key.fields());
    }

    /** The same for the columns of a derived table that stand for a key. */
    static List<Field<String>> texts(List<Field<?>> key) {
        return key.stream().map(field -> field.cast(SQLDataType.CLOB)).toList();
    }

    /** The key of a row that was fetched as {@link #texts}. */
    static List<String> keyOf(Record record) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < record.size(); i++) {
            values.add(record.get(i, String.class));
        }
        return values;
    }

    /** The key of a fetched row, whose first columns are the key's, as Java writes them. */
    static List<String> keyOf(Key key, Record record) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < key.columns().size(); i++) {
            values.add(String.valueOf(record.get(i)));
        }
        return values;
    }

    static JSONB json(List<String> values) {
        return JSONB.valueOf(Json.write(values));
    }

    /** Whether the server refused a value, and not the moment or the statement. */
    static boolean ofTheData(Throwable error) {
        String state = state(error);
        return state.startsWith("22") || state.startsWith("23");
    }

    /** The SQLSTATE, or an empty text when the error did not come from the server. */
    static String state(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof DataAccessException access && !"00000".equals(access.sqlState())) {
                return access.sqlState();
            }
            if (cause instanceof java.sql.SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    /** Whether the server is away, or ends sessions: what was asked says nothing, and may be asked again. */
    static boolean away(Throwable error) {
        return state(error).startsWith("08") || state(error).startsWith("57P");
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a key's columns are of any type; the value is cast to the column's
    private static Condition greater(TableField column, Field value) {
        return column.gt(value);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // as above
    private static Condition notGreater(TableField column, Field value) {
        return column.le(value);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // as above
    private static Condition same(TableField column, Field value) {
        return column.eq(value);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // as above; one bind, however many values
    private static Condition any(TableField column, String[] values) {
        return column.eq(DSL.any(cast(val(values), column.getDataType().array())));
    }

    private static List<Field<?>> typed(Key key, List<String> values) {
        List<Field<?>> typed = new ArrayList<>();
        for (int i = 0; i < key.columns().size(); i++) {
            typed.add(cast(val(values.get(i)), key.columns().get(i).getDataType()));
        }
        return typed;
    }
}
