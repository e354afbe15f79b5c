package runbook.engine;

import java.util.List;
import org.jooq.Table;
import runbook.spi.Backfill;
import runbook.spi.CopyOnly;
import runbook.spi.Stage;

/** A migration that copies nothing, and switches in stages. */
record Staged(List<Table<?>> created, List<Stage> cutover) implements CopyOnly {

    @Override
    public String name() {
        return "copying";
    }

    @Override
    public String summary() {
        return "Switches, and nothing else";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of();
    }

    @Override
    public List<Backfill> backfills() {
        return List.of();
    }
}
