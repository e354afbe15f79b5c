package runbook.engine.selftest;

import static org.jooq.impl.DSL.select;

import java.util.ArrayList;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import runbook.spi.Backfill;
import runbook.spi.Comparison;
import runbook.spi.CopyOnly;
import runbook.spi.Insert;
import runbook.spi.Key;

/**
 * Copies a table of many types as it is.
 *
 * @param strict whether the comparison minds the sign of a zero
 */
record TypesMigration(boolean strict) implements CopyOnly {

    private static final TypesTable SOURCE = new TypesTable("source");
    private static final TypesTable COPY = new TypesTable("copy");
    private static final LedgerTable CLAIMS = new LedgerTable();

    static final List<String> TABLES = List.of(
            "create schema kinds",
            "create table kinds.source (" + TypesTable.COLUMNS + ")",
            "create table kinds.copy (" + TypesTable.COLUMNS + ")",
            "create table kinds.claims (id bigint primary key, claimed_by text not null)",
            """
            insert into kinds.source values
                (1, 'Words', 'ab', 1.5, 1.0, '{"b": 1, "a": [2]}', '2026-01-02 03:04:05.678901Z', 7, true, '\\x0102',
                 '6f9619ff-8b86-d011-b42d-00cf4fc964ff', '2026-01-02'),
                (2, null, 'CD', 0, 12.345, '{}', '2026-01-02 00:00Z', -1, false, '\\xff',
                 '00000000-0000-0000-0000-000000000000', '2026-02-03'),
                (3, '', null, 1e-3, null, null, null, null, null, null, null, null)
            """);

    @Override
    public String name() {
        return "kinds";
    }

    @Override
    public String summary() {
        return "Copies a table of many types";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of(SOURCE);
    }

    @Override
    public List<Table<?>> created() {
        return List.of(COPY, CLAIMS);
    }

    @Override
    public List<Backfill> backfills() {
        List<Field<?>> read = new ArrayList<>(SOURCE.key().fields());
        read.addAll(SOURCE.key().fields());
        read.add(SOURCE.real());
        read.addAll(SOURCE.others());
        List<TableField<?, ?>> written = new ArrayList<>(COPY.key().columns());
        written.add(COPY.real());
        written.addAll(COPY.others());
        return List.of(new Insert(
                "rows",
                SOURCE.key(),
                range -> select(read).from(SOURCE).where(range),
                written,
                Key.of(CLAIMS.id),
                CLAIMS.claimedBy,
                List.of()));
    }

    @Override
    public List<Comparison> comparisons() {
        return List.of(Comparison.claim("a row is the same in both", SOURCE.key())
                .before(range -> select(fields(SOURCE)).from(SOURCE).where(range))
                .after(range -> select(fields(COPY))
                        .from(SOURCE)
                        .join(COPY)
                        .on(
                                "{0} = {1}",
                                SOURCE.key().fields().get(0),
                                COPY.key().fields().get(0))
                        .where(range)));
    }

    private List<Field<?>> fields(TypesTable table) {
        List<Field<?>> fields = new ArrayList<>(table.key().fields());
        fields.add(strict ? table.real().cast(SQLDataType.CLOB).as("sign") : table.real());
        fields.addAll(table.others());
        return fields;
    }

    /** Who brought a row over. */
    private static final class LedgerTable extends TableImpl<Record> {

        private static final long serialVersionUID = 1L;

        private final transient TableField<Record, Long> id = createField(DSL.name("id"), SQLDataType.BIGINT, this);
        private final transient TableField<Record, String> claimedBy =
                createField(DSL.name("claimed_by"), SQLDataType.CLOB, this);

        LedgerTable() {
            super(DSL.name("claims"), DSL.schema(DSL.name("kinds")));
        }
    }
}
