package runbook.migrations.individualprocessstatus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import runbook.TestPostgres;

/**
 * Interleavings of one kind. Each is survived by the mirrors and the batch as they are; and each is first of all able to
 * fail: with a faulty pattern in their place the oracle finds what the fault is known for.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RaceTable {

    @RegisterExtension
    final TestPostgres postgres = Statuses.mirrored();

    /** What must be survived. */
    abstract List<Interleaving> interleavings();

    /** By which batches. */
    List<Pattern> batches() {
        return Pattern.ALL_REAL;
    }

    /** Interleaving, faulty pattern, and what the oracle says then. */
    abstract List<Arguments> faults();

    static Arguments fault(Interleaving interleaving, Pattern pattern, String... violations) {
        return Arguments.of(interleaving, pattern, Arrays.asList(violations));
    }

    Stream<Arguments> survived() {
        return interleavings().stream().flatMap(race -> batches().stream().map(batch -> Arguments.of(race, batch)));
    }

    Stream<Arguments> lost() {
        return faults().stream();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("survived")
    void loses_nothing(Interleaving interleaving, Pattern pattern) throws Exception {
        assertThat(violations(interleaving, pattern)).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("lost")
    void a_faulty_pattern_is_seen_to_lose(Interleaving interleaving, Pattern pattern, List<String> expected)
            throws Exception {
        List<String> violations = violations(interleaving, pattern);

        expected.forEach(violation ->
                assertThat(violations).anySatisfy(found -> assertThat(found).contains(violation)));
    }

    private List<String> violations(Interleaving interleaving, Pattern pattern) throws Exception {
        try (Race race = new Race(postgres.database(), pattern)) {
            interleaving.script().force(race);
            return race.end();
        }
    }
}
