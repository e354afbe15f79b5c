package runbook.engine;

import java.util.ArrayList;
import java.util.List;
import org.jooq.DataType;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import org.jooq.impl.TableRecordImpl;
import runbook.spi.Key;

/** A table of schema {@code copying} without generated code, with key columns {@code k1}, {@code k2} … and others. */
final class PlainTable extends TableImpl<PlainTable.Row> {

    private static final long serialVersionUID = 1L;

    private final transient List<TableField<?, ?>> key = new ArrayList<>();
    private final transient TableField<Row, String> text;

    /** A row of any such table. */
    static final class Row extends TableRecordImpl<Row> {

        private static final long serialVersionUID = 1L;

        Row(PlainTable table) {
            super(table);
        }
    }

    @Override
    public Class<Row> getRecordType() {
        return Row.class;
    }

    PlainTable(String name, String text, List<DataType<?>> key) {
        super(DSL.name(name), DSL.schema(DSL.name("copying")));
        for (DataType<?> type : key) {
            this.key.add(createField(DSL.name("k" + (this.key.size() + 1)), type, this));
        }
        this.text = createField(DSL.name(text), SQLDataType.CLOB, this);
    }

    Key key() {
        return new Key(key);
    }

    TableField<Row, String> text() {
        return text;
    }
}
