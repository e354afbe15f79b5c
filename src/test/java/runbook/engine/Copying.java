package runbook.engine;

import java.util.List;
import java.util.Set;
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
    public Set<Table<?>> tables() {
        return Set.of();
    }

    @Override
    public Set<Table<?>> created() {
        return Set.of();
    }
}
