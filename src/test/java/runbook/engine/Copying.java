package runbook.engine;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.Table;
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

/** A migration that only copies. */
record Copying(List<Backfill> backfills) implements Migration {

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

    @Override
    public List<Measure> measures() {
        return List.of();
    }

    @Override
    public List<Check> assessment() {
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
        return List.of();
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
