package runbook.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a start says about politeness: limits, a query of one's own, windows and freezes. */
class StartInputTest {

    private static StartInput input(Object... fields) {
        Map<String, Object> input = new TreeMap<>(Map.of("migration", "orders", "target", "shop"));
        for (int i = 0; i < fields.length; i += 2) {
            input.put((String) fields[i], fields[i + 1]);
        }
        return StartInput.of(input);
    }

    @Test
    void who_says_nothing_gets_the_usual_limits_at_any_time() {
        StartInput read = input();

        assertThat(read.problems()).isEmpty();
        assertThat(read.start().limits()).isEqualTo(Limits.USUAL);
        assertThat(read.start().schedule()).isEqualTo(Schedule.ALWAYS);
        assertThat(read.start().custom()).isEmpty();
    }

    @Test
    void reads_all_of_it() {
        StartInput read = input(
                "limits", Map.of("replicaLag", "PT5S", "custom", 1000),
                "custom", "select count(*) from public.outbox",
                "windows", List.of("Mon-Fri 22:00-06:00 Europe/Berlin"),
                "freezes", List.of("2026-12-23T00:00:00Z/2027-01-02T00:00:00Z"));

        assertThat(read.problems()).isEmpty();
        assertThat(read.start().limits().limit(Signal.CUSTOM)).contains(1000.0);
        assertThat(read.start().custom()).isEqualTo("select count(*) from public.outbox");
        assertThat(read.start().schedule().windows()).hasSize(1);
        assertThat(read.start().schedule().freezes()).hasSize(1);
    }

    @Test
    void lists_every_problem_at_once() {
        StartInput read = input(
                "limits", Map.of("lag", 1, "deadTuples", 200),
                "custom", "select 1; drop table t",
                "windows", List.of("at night"),
                "freezes", List.of("in winter"));

        assertThat(read.problems()).hasSize(6);
        assertThat(read.problems())
                .anyMatch(problem -> problem.startsWith("'limits': unknown signal 'lag'"))
                .anyMatch(problem -> problem.startsWith("'limits': 'deadTuples': expected per cent from 0 to 100"))
                .anyMatch(problem -> problem.startsWith("'custom' and 'limits'"))
                .contains("'custom': expected one query that gives one number, without a semicolon")
                .anyMatch(problem -> problem.startsWith("'windows': expected a window"))
                .anyMatch(problem -> problem.startsWith("'freezes': expected a freeze"));
    }

    @Test
    void a_wait_beyond_all_calendars_is_refused_at_once() {
        for (String wait : List.of("soak", "revalidate", "hold")) {
            assertThat(input(wait, "PT9223372036854775807S").problems())
                    .containsExactly("'" + wait + "': expected a duration of ten years at most, \"P3650D\", found"
                            + " \"PT9223372036854775807S\"");
            assertThat(input(wait, "P3650D").problems()).isEmpty();
        }
    }

    @Test
    void a_query_and_its_limit_belong_together() {
        assertThat(input("custom", "select 1").problems())
                .singleElement()
                .asString()
                .startsWith("'custom' and 'limits'");
        assertThat(input("limits", Map.of("custom", 1)).problems())
                .singleElement()
                .asString()
                .startsWith("'custom' and 'limits'");
        assertThat(input("limits", "none").problems())
                .containsExactly(
                        "'limits': expected an object such as {\"replicaLag\": \"PT10S\"}, found a text (none)");
    }
}
