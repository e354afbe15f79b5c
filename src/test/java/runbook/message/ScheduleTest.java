package runbook.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows over midnight, over days and over changes of the clocks; freezes over windows. */
class ScheduleTest {

    @Test
    void without_windows_it_is_always_open() {
        assertThat(opens(List.of(), List.of(), "2026-11-21T12:00:00Z")).isEqualTo("2026-11-21T12:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        // 22:00 in Berlin is 21:00 UTC in winter.
        "22:00-06:00 Europe/Berlin, 2026-11-21T20:59:59Z, 2026-11-21T21:00:00Z",
        "22:00-06:00 Europe/Berlin, 2026-11-21T21:00:00Z, 2026-11-21T21:00:00Z",
        "22:00-06:00 Europe/Berlin, 2026-11-22T02:00:00Z, 2026-11-22T02:00:00Z",
        "22:00-06:00 Europe/Berlin, 2026-11-22T04:59:59Z, 2026-11-22T04:59:59Z",
        "22:00-06:00 Europe/Berlin, 2026-11-22T05:00:00Z, 2026-11-22T21:00:00Z",
        // And 20:00 UTC in summer.
        "22:00-06:00 Europe/Berlin, 2026-07-01T19:00:00Z, 2026-07-01T20:00:00Z",
        // A night belongs to the day on which it begins. 2026-11-20 is a Friday: its night ends on Saturday.
        "Mon-Fri 22:00–06:00 UTC, 2026-11-21T03:00:00Z, 2026-11-21T03:00:00Z",
        "Mon-Fri 22:00–06:00 UTC, 2026-11-21T12:00:00Z, 2026-11-23T22:00:00Z",
        "Mon-Fri 22:00–06:00 UTC, 2026-11-23T03:00:00Z, 2026-11-23T22:00:00Z",
    })
    void a_window_over_midnight_opens_in_the_evening_and_closes_in_the_morning(String window, String at, String opens) {
        assertThat(opens(List.of(window), List.of(), at)).isEqualTo(opens);
    }

    @ParameterizedTest
    @CsvSource({
        // The clocks of Berlin go from 02:00 to 03:00 on 2026-03-29, so there is no 02:30.
        "02:30-05:00 Europe/Berlin, 2026-03-29T00:59:00Z, 2026-03-29T01:30:00Z",
        "22:00-06:00 Europe/Berlin, 2026-03-29T03:59:59Z, 2026-03-29T03:59:59Z",
        "22:00-06:00 Europe/Berlin, 2026-03-29T04:00:00Z, 2026-03-29T20:00:00Z",
        // They go back from 03:00 to 02:00 on 2026-10-25: the night is an hour longer.
        "22:00-06:00 Europe/Berlin, 2026-10-25T04:59:59Z, 2026-10-25T04:59:59Z",
        "22:00-06:00 Europe/Berlin, 2026-10-25T05:00:00Z, 2026-10-25T21:00:00Z",
        // 02:30 comes twice, and the window closes at the first.
        "01:00-02:30 Europe/Berlin, 2026-10-25T00:29:59Z, 2026-10-25T00:29:59Z",
        "01:00-02:30 Europe/Berlin, 2026-10-25T00:30:00Z, 2026-10-26T00:00:00Z",
    })
    void a_window_follows_the_clocks_of_its_place(String window, String at, String opens) {
        assertThat(opens(List.of(window), List.of(), at)).isEqualTo(opens);
    }

    @ParameterizedTest
    @CsvSource({
        "Fri-Mon 10:00-11:00 UTC, 2026-11-24T10:30:00Z, 2026-11-27T10:00:00Z",
        "'Sun,wed 10:00-11:00 UTC', 2026-11-23T10:30:00Z, 2026-11-25T10:00:00Z",
        "Sat 18:00-24:00 UTC, 2026-11-21T23:59:59Z, 2026-11-21T23:59:59Z",
        "Sat 18:00-24:00 UTC, 2026-11-22T00:00:00Z, 2026-11-28T18:00:00Z",
        "Sat 00:00-00:00 UTC, 2026-11-21T23:59:59Z, 2026-11-21T23:59:59Z",
    })
    void days_can_be_named_in_rows_and_alone(String window, String at, String opens) {
        assertThat(opens(List.of(window), List.of(), at)).isEqualTo(opens);
    }

    @Test
    void of_several_windows_the_next_counts() {
        List<String> windows = List.of("22:00-23:00 UTC", "12:00-13:00 UTC");

        assertThat(opens(windows, List.of(), "2026-11-21T11:00:00Z")).isEqualTo("2026-11-21T12:00:00Z");
        assertThat(opens(windows, List.of(), "2026-11-21T13:00:00Z")).isEqualTo("2026-11-21T22:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-12-22T23:30:00Z, 2026-12-22T23:30:00Z",
        "2026-12-23T00:00:00Z, 2027-01-02T22:00:00Z",
        "2027-01-02T11:00:00Z, 2027-01-02T22:00:00Z",
    })
    void a_freeze_closes_every_window(String at, String opens) {
        List<String> freezes =
                List.of("2026-12-23T00:00:00Z/2026-12-27T00:00:00Z", "2026-12-26T00:00:00Z/2027-01-02T13:00:00+01:00");

        assertThat(opens(List.of("22:00-06:00 UTC"), freezes, at)).isEqualTo(opens);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22:00-06:00",
                "22-06 UTC",
                "25:00-06:00 UTC",
                "22:00-06:00 Atlantis",
                "Foo 22:00-06:00 UTC",
                "Mon-Wed-Fri 22:00-06:00 UTC",
                "Mon, Tue 22:00-06:00 UTC",
                ""
            })
    void a_bad_window_is_told_with_a_good_one(String typed) {
        List<String> problems = new ArrayList<>();

        Schedule schedule = Schedule.of(List.of(typed), List.of(), problems);

        assertThat(schedule).isEqualTo(Schedule.ALWAYS);
        assertThat(problems)
                .containsExactly("'windows': expected a window such as \"22:00-06:00 Europe/Berlin\" or"
                        + " \"Mon-Fri,Sun 22:00-06:00 Europe/Berlin\", found \"" + typed + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-12-23/2027-01-02",
                "2026-12-23T00:00:00Z",
                "2026-12-23T00:00:00Z/2026-12-23T00:00:00Z",
                "2027-01-02T00:00:00Z/2026-12-23T00:00:00Z",
                "2026-12-23T00:00:00Z/2026-12-24T00:00:00Z/2026-12-25T00:00:00Z"
            })
    void a_bad_freeze_is_told_with_a_good_one(String typed) {
        List<String> problems = new ArrayList<>();

        Schedule schedule = Schedule.of(List.of(), List.of(typed), problems);

        assertThat(schedule).isEqualTo(Schedule.ALWAYS);
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0))
                .startsWith("'freezes': expected a freeze such as ")
                .endsWith(", found \"" + typed + "\"");
    }

    private static String opens(List<String> windows, List<String> freezes, String at) {
        List<String> problems = new ArrayList<>();
        Schedule schedule = Schedule.of(windows, freezes, problems);
        assertThat(problems).isEmpty();
        return schedule.opens(Instant.parse(at)).toString();
    }
}
