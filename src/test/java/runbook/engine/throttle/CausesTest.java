package runbook.engine.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.message.Limits;
import runbook.message.Start;
import runbook.message.StartInput;

/** When a copy is held up and when it goes on, by a number that the test sets: the operator's own query. */
class CausesTest {

    private static final String DIAL = "select n from public.dial";

    @RegisterExtension
    final TestPostgres postgres =
            TestPostgres.prepared("dial", session -> Gauged.run(session, "create table public.dial as select 0 as n"));

    private Gauged gauged;

    @BeforeEach
    void open() {
        gauged = new Gauged(postgres.database());
    }

    @AfterEach
    void close() {
        gauged.close();
    }

    private void dial(int number) {
        gauged.target.dsl().execute("update public.dial set n = " + number);
    }

    private static Start start(String query, Object... more) {
        Map<String, Object> input =
                new TreeMap<>(Map.of("migration", "m", "target", "t", "custom", query, "limits", Map.of("custom", 10)));
        for (int i = 0; i < more.length; i += 2) {
            input.put((String) more[i], more[i + 1]);
        }
        StartInput read = StartInput.of(input);
        assertThat(read.problems()).isEmpty();
        return read.start();
    }

    private Causes causes(Start start) {
        return new Causes(gauged.target, start, gauged.gauges);
    }

    private static @Nullable String words(Optional<Cause> cause) {
        return cause.map(Cause::words).orElse(null);
    }

    @Test
    void goes_on_only_when_the_reading_is_well_below_its_limit_again() {
        Start start = start(DIAL);
        Causes causes = causes(start);
        List<String> said = new ArrayList<>();

        for (int number : List.of(9, 10, 11, 10, 9, 8, 9, 10, 11)) {
            dial(number);
            said.add(number + ": " + words(causes.first(start.limits())));
        }

        assertThat(said)
                .containsExactly(
                        "9: null",
                        "10: null",
                        "11: custom query (11, limit 10)",
                        "10: custom query (10, limit 10)",
                        "9: custom query (9, limit 10)",
                        "8: null",
                        "9: null",
                        "10: null",
                        "11: custom query (11, limit 10)");
    }

    @Test
    void other_limits_are_in_force_at_the_next_look() {
        Start start = start(DIAL);
        Causes causes = causes(start);
        dial(50);
        assertThat(causes.first(start.limits())).isPresent();

        assertThat(causes.first(start.limits().with(new Limits(Map.of("custom", 100.0), List.of()))))
                .isEmpty();
        assertThat(causes.first(start.limits())).isPresent();
        assertThat(causes.first(start.limits().with(new Limits(Map.of(), List.of("custom")))))
                .isEmpty();
    }

    @Test
    void a_query_that_gives_no_number_holds_the_copy_up() {
        assertThat(reason("select null::int")).isEqualTo("custom query (the query gives no number.)");
        assertThat(reason("select 'NaN'::float8")).isEqualTo("custom query (the query gives no number.)");
        assertThat(reason("select 1 where false")).isEqualTo("custom query (the query gives no number.)");
        assertThat(reason("select 'x'")).isEqualTo("custom query (SQLSTATE 22P02.)");
        assertThat(reason("select n from generate_series(1, 2) n")).isEqualTo("custom query (SQLSTATE 21000.)");
        assertThat(reason("select n from public.gone")).isEqualTo("custom query (SQLSTATE 42P01.)");
        assertThat(reason("drop table public.dial")).isEqualTo("custom query (SQLSTATE 42601.)");
        assertThat(reason("select 1 from pg_sleep(5)"))
                .isEqualTo("custom query (the query took longer than a second.)");
    }

    private @Nullable String reason(String query) {
        Start start = start(query);
        return words(causes(start).first(start.limits()));
    }

    @Test
    void the_operators_query_cannot_write() {
        gauged.target
                .dsl()
                .execute("create function public.writes() returns int language sql as"
                        + " $$ update public.dial set n = 7 returning n $$");

        assertThat(reason("select public.writes()")).isEqualTo("custom query (SQLSTATE 25006.)");
        assertThat(gauged.target.dsl().fetchSingle(DIAL).get(0)).isEqualTo(0);
    }

    @Test
    void signs_that_mean_something_to_drivers_mean_nothing_here() {
        assertThat(reason("select count(*) from (select '{\"a\":1}'::jsonb ? 'a' where '{0}' <> ':x') s -- one"))
                .isNull();
    }

    @Test
    void a_closed_schedule_comes_before_every_signal() {
        Instant soon = Instant.now().plus(Duration.ofHours(1));
        Start start = start("select 99", "freezes", List.of("2020-01-01T00:00:00Z/" + soon));

        Cause cause = causes(start).first(start.limits()).orElseThrow();

        assertThat(cause.signal()).isEqualTo("schedule");
        assertThat(cause.words())
                .startsWith("the schedule (opens " + soon.toString().substring(0, 10))
                .endsWith(" UTC)");
    }

    @Test
    void a_start_is_told_at_once_that_its_query_cannot_be_used() {
        assertThat(Throttle.problems(gauged.target, start("select n from public.gone")))
                .containsExactly("'custom': the query cannot be used on target '" + postgres.target()
                        + "': SQLSTATE 42P01. Try it with psql as the target's role: it reads only, and gives one number"
                        + " in a second.");
        assertThat(Throttle.problems(gauged.target, start(DIAL))).isEmpty();
    }
}
