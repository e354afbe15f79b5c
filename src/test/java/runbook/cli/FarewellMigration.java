package runbook.cli;

import static org.jooq.impl.DSL.select;

import java.util.List;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import runbook.spi.Backfill;
import runbook.spi.CopyOnly;
import runbook.spi.Loss;

/** The smallest migration that somebody outside of this repository could write; tests put it into a jar. */
public final class FarewellMigration implements CopyOnly {

    @Override
    public String name() {
        return "farewell";
    }

    @Override
    public String summary() {
        return "Says goodbye to nothing in particular";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of(DSL.table(DSL.name("farewell", "letters")));
    }

    @Override
    public List<Table<?>> created() {
        return List.of();
    }

    @Override
    public List<Backfill> backfills() {
        return List.of();
    }

    @Override
    public List<Loss> losses() {
        return List.of(new Loss("letters are lost", select(DSL.field(DSL.name("id"), SQLDataType.BIGINT))));
    }
}
