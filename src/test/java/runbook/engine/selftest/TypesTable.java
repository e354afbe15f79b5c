package runbook.engine.selftest;

import java.util.List;
import org.jooq.DataType;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import org.jooq.impl.TableRecordImpl;
import runbook.spi.Key;

/** A table of schema {@code kinds} with columns of many types, without generated code. */
final class TypesTable extends TableImpl<TypesTable.Row> {

    private static final long serialVersionUID = 1L;

    static final String COLUMNS = "id bigint primary key, words text, padded char(8), real double precision,"
            + " exact numeric, document jsonb, at timestamptz, whole integer, flag boolean, bytes bytea, guid uuid,"
            + " day date";

    private final transient TableField<Row, Long> id = column("id", SQLDataType.BIGINT);
    private final transient TableField<Row, Double> real = column("real", SQLDataType.DOUBLE);
    private final transient List<TableField<?, ?>> others = List.of(
            column("words", SQLDataType.CLOB),
            column("padded", SQLDataType.CHAR(8)),
            column("exact", SQLDataType.NUMERIC),
            column("document", SQLDataType.JSONB),
            column("at", SQLDataType.TIMESTAMPWITHTIMEZONE(6)),
            column("whole", SQLDataType.INTEGER),
            column("flag", SQLDataType.BOOLEAN),
            column("bytes", SQLDataType.BLOB),
            column("guid", SQLDataType.UUID),
            column("day", SQLDataType.LOCALDATE));

    /** A row of any such table. */
    static final class Row extends TableRecordImpl<Row> {

        private static final long serialVersionUID = 1L;

        Row(TypesTable table) {
            super(table);
        }
    }

    TypesTable(String name) {
        super(DSL.name(name), DSL.schema(DSL.name("kinds")));
    }

    @Override
    public Class<Row> getRecordType() {
        return Row.class;
    }

    private <T> TableField<Row, T> column(String name, DataType<T> type) {
        return createField(DSL.name(name), type, this);
    }

    Key key() {
        return Key.of(id);
    }

    TableField<Row, Double> real() {
        return real;
    }

    /** All but the key and the floating point. */
    List<TableField<?, ?>> others() {
        return others;
    }
}
