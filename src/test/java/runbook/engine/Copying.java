package runbook.engine;

import java.util.List;
import org.jooq.Table;
import runbook.spi.Backfill;
import runbook.spi.CopyOnly;

/** A migration that only copies. */
record Copying(List<Backfill> backfills) implements CopyOnly {

    @Override
    public String name() {
        return "copying";
    }

    @Override
    public String summary() {
        return "Copies, and nothing else";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of();
    }

    @Override
    public List<Table<?>> created() {
        return List.of();
    }
}
