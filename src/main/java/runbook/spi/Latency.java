package runbook.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Index;
import org.jooq.Select;

/**
 * A query of the application with the time that 95 of 100 calls may take, and the indexes of which its plan must use one.
 *
 * @param key the parameters are real keys of this table
 * @param query the query for one key
 * @param before what the application asks the old shape for the same, where the new query may not be slower than that
 */
public record Latency(
        String name,
        Key key,
        Function<Condition, Select<?>> query,
        Duration p95,
        List<Index> indexes,
        Optional<Function<Condition, Select<?>>> before) {

    public Latency {
        indexes = List.copyOf(indexes);
    }

    public Latency(String name, Key key, Function<Condition, Select<?>> query, Duration p95, List<Index> indexes) {
        this(name, key, query, p95, indexes, Optional.empty());
    }

    /**
     * The same, held to the old query as well: in five runs of both in turns the median may be 1.1 times the old one's;
     * above 1.0 it passes as inconclusive.
     */
    public Latency notSlowerThan(Function<Condition, Select<?>> old) {
        return new Latency(name, key, query, p95, indexes, Optional.of(old));
    }
}
