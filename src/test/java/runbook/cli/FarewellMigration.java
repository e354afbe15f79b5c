package runbook.cli;

import static org.jooq.impl.DSL.select;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import runbook.spi.Backfill;
import runbook.spi.Check;
import runbook.spi.Comparison;
import runbook.spi.Latency;
import runbook.spi.Loss;
import runbook.spi.Measure;
import runbook.spi.Migration;
import runbook.spi.Mirror;
import runbook.spi.Retirement;
import runbook.spi.Stage;
import runbook.spi.Trial;

/** The smallest migration that somebody outside of this repository could write; tests put it into a jar. */
public final class FarewellMigration implements Migration {

    @Override
    public String name() {
        return "farewell";
    }

    @Override
    public String summary() {
        return "Says goodbye to nothing in particular";
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(DSL.table(DSL.name("farewell", "letters")));
    }

    @Override
    public Set<Table<?>> created() {
        return Set.of();
    }

    @Override
    public List<Measure> measures() {
        return List.of();
    }

    @Override
    public List<Check> assessment() {
        return List.of();
    }

    @Override
    public List<Backfill> backfills() {
        return List.of();
    }

    @Override
    public List<Mirror> mirrors() {
        return List.of();
    }

    @Override
    public List<Comparison> comparisons() {
        return List.of();
    }

    @Override
    public List<Check> validation() {
        return List.of();
    }

    @Override
    public List<Latency> latencies() {
        return List.of();
    }

    @Override
    public List<Stage> cutover() {
        return List.of();
    }

    @Override
    public List<Loss> losses() {
        return List.of(new Loss("letters are lost", select(DSL.field(DSL.name("id"), SQLDataType.BIGINT))));
    }

    @Override
    public List<Retirement> cleanup() {
        return List.of();
    }

    @Override
    public Optional<Trial> trial() {
        return Optional.empty();
    }
}
