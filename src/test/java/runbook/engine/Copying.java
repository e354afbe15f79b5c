package runbook.engine;

import java.util.List;
import runbook.spi.Backfill;

/** A migration that only copies. */
record Copying(List<Backfill> backfills) implements Bare {

    @Override
    public String name() {
        return "copying";
    }
}
