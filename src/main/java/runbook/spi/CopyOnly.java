package runbook.spi;

import java.util.List;
import java.util.Optional;

/**
 * A migration that copies and does nothing else: nothing keeps the shapes equal, nothing is checked, switched or
 * dropped. It fits tables that nobody writes to. Whoever needs more overrides it here, or implements {@link Migration},
 * which asks for everything.
 */
public interface CopyOnly extends Migration {

    @Override
    default List<Measure> measures() {
        return List.of();
    }

    @Override
    default List<Check> assessment() {
        return List.of();
    }

    @Override
    default List<Mirror> mirrors() {
        return List.of();
    }

    @Override
    default List<Comparison> comparisons() {
        return List.of();
    }

    @Override
    default List<Check> validation() {
        return List.of();
    }

    @Override
    default List<Latency> latencies() {
        return List.of();
    }

    @Override
    default List<Stage> cutover() {
        return List.of();
    }

    @Override
    default List<Loss> losses() {
        return List.of();
    }

    @Override
    default List<Retirement> cleanup() {
        return List.of();
    }

    @Override
    default Optional<Trial> trial() {
        return Optional.empty();
    }
}
