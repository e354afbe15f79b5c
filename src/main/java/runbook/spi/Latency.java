package runbook.spi;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Index;
import org.jooq.Select;

/**
 * A query of the application with the time that 95 of 100 calls may take, and the indexes of which its plan must use one.
 *
 * @param key the parameters are real keys of this table
 * @param query the query for one key
 */
public record Latency(String name, Key key, Function<Condition, Select<?>> query, Duration p95, List<Index> indexes) {

    public Latency {
        indexes = List.copyOf(indexes);
    }
}
