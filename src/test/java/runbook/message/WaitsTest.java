package runbook.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a start says about how long people are waited for. */
class WaitsTest {

    private static final String DURATION =
            "expected a duration such as \"PT6H\" or \"P14D\", at least PT1M, found \"soon\"";

    private static StartInput input(Map<?, ?>... waits) {
        return StartInput.of(Map.of("migration", "orders", "target", "shop", "waits", List.of(waits)));
    }

    @Test
    void who_says_nothing_is_waited_for_in_silence() {
        assertThat(input().start().waiting("cutover")).isEqualTo(Wait.USUAL);
    }

    @Test
    void a_place_goes_by_its_own_wait_and_takes_the_rest_from_the_one_for_all() {
        StartInput read = input(
                Map.of("at", "cutover", "deadline", "P7D", "onDeadline", "reject"),
                Map.of("remind", "P1D"),
                Map.of("at", "parked", "deadline", "P2D", "onDeadline", "rollback", "remind", "PT4H"));

        assertThat(read.problems()).isEmpty();
        assertThat(read.start().waiting("cutover"))
                .isEqualTo(new Wait("cutover", Duration.ofDays(7), Overdue.REJECT, Duration.ofDays(1)));
        assertThat(read.start().waiting("parked"))
                .isEqualTo(new Wait("parked", Duration.ofDays(2), Overdue.ROLLBACK, Duration.ofHours(4)));
        assertThat(read.start().waiting("paused")).isEqualTo(new Wait("", null, Overdue.WAIT, Duration.ofDays(1)));
    }

    @Test
    void every_problem_of_every_wait_is_told() {
        assertThat(input(
                                Map.of("deadline", "soon", "onDeadline", "rollback"),
                                Map.of("at", "soak", "remind", "soon"),
                                Map.of("at", "cutover", "onDeadline", "approve", "deadline", "P1D"),
                                Map.of("at", "drop", "onDeadline", "rollback", "deadline", "P1D"),
                                Map.of("at", "parked", "onDeadline", "reject", "then", 1),
                                Map.of("at", "paused", "onDeadline", "abort"),
                                Map.of("at", "paused"))
                        .problems())
                .containsExactly(
                        "'waits': 'onDeadline': expected \"wait\", found a text (rollback)",
                        "'waits': 'deadline': " + DURATION,
                        "'waits': 'onDeadline': nothing happens then without a 'deadline'",
                        "'waits': 'at': expected one of schema, cutover, cleanup, drop, parked, paused, held, found a"
                                + " text (soak)",
                        "'waits': 'remind': " + DURATION,
                        "'waits', cutover: 'onDeadline': expected \"wait\" or \"reject\" or \"rollback\", found a text"
                                + " (approve)",
                        "'waits', drop: 'onDeadline': expected \"wait\" or \"reject\", found a text (rollback)",
                        "'waits', parked: unknown field 'then'; known fields: at, deadline, onDeadline, remind",
                        "'waits', parked: 'onDeadline': expected \"wait\" or \"rollback\" or \"abort\", found a text"
                                + " (reject)",
                        "'waits', parked: 'onDeadline': nothing happens then without a 'deadline'",
                        "'waits', paused: 'onDeadline': nothing happens then without a 'deadline'",
                        "'waits', paused: given twice");
    }
}
