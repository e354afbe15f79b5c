package runbook.engine;

import java.util.List;
import org.jooq.Table;
import runbook.spi.Backfill;
import runbook.spi.CopyOnly;

/** A migration that does nothing, but for what a test has it do. */
interface Bare extends CopyOnly {

    @Override
    default String summary() {
        return "Does what a test wants, and nothing else";
    }

    @Override
    default List<Table<?>> tables() {
        return List.of();
    }

    @Override
    default List<Table<?>> created() {
        return List.of();
    }

    @Override
    default List<Backfill> backfills() {
        return List.of();
    }
}
