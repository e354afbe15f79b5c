package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.update;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESSES;

import java.time.Duration;
import java.util.List;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.Eventually;
import runbook.TestPostgres;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.spi.Key;
import runbook.spi.Migration;
import runbook.spi.Write;

/** What the application may notice is measured without its noticing, and what was not measured says why. */
class ImpactTest {

    private static final String PROCESSES = "individual_process_status.individual_processes";

    private static final Duration PATIENCE = Duration.ofSeconds(25);

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void legacy() throws Exception {
        ground = new Ground(postgres, 500);
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void has_figures_of_before_during_and_after_and_the_mirrors_cost() {
        ground.expanded().copied();
        new Impact(ground.target, ground.at(Phase.BACKFILL), ground.migration).beside(this::copyUntilSampled);
        PhaseReport copied = ground.finished();
        ground.cutOver();
        ground.stagesChecked();

        for (String what : List.of("a status changes: read", "a status changes: write")) {
            for (Moment moment : Moment.values()) {
                ImpactFigures.Line line = line(what, moment);
                assertThat(line.note()).as(what + " " + moment).isEmpty();
                assertThat(line.samples()).isGreaterThanOrEqualTo(100);
                assertThat(line.times().p50Millis()).isPositive();
                assertThat(line.times().p95Millis())
                        .isBetween(line.times().p50Millis(), line.times().p99Millis());
            }
        }
        assertThat(line("a status changes: write", Moment.BEFORE).mirrors().medianMicros())
                .isZero();
        for (Moment moment : List.of(Moment.MIRRORED, Moment.DURING, Moment.AFTER)) {
            ImpactFigures.Line write = line("a status changes: write", moment);
            assertThat((double) write.mirrors().medianMicros())
                    .as("µs for the mirrors, %s", moment)
                    .isBetween(5.0, write.times().p99Millis() * 1_000);
        }
        assertThat(copied.summary()).containsPattern("; a write takes .* ms, before .* ms, its mirrors \\d+ µs$");
        assertThat(copied.counts()).containsKey("a status changes: write, during, p99 in µs");
    }

    @Test
    void leaves_no_write_behind_and_counts_as_no_rollback() {
        String before = ground.text("select md5(string_agg(p::text, ',' order by id)) from " + PROCESSES + " p");
        ground.expanded();
        ground.sql("select pg_stat_force_next_flush()");

        assertThat(ground.text("select md5(string_agg(p::text, ',' order by id)) from " + PROCESSES + " p"))
                .isEqualTo(before);
        assertThat(ground.number("select count(*) from individual_process_status.individual_process_statuses"))
                .isZero();
        assertThat(ground.number("select count(*) from individual_process_status.individual_process_status_claims"))
                .isZero();
        assertThat(ground.number("select xact_rollback from pg_stat_database where datname = current_database()"))
                .isLessThan(20);
    }

    @Test
    void gives_way_to_whoever_holds_the_row_and_tells_so() throws Exception {
        ground.sql("delete from " + PROCESSES + " where id <> (select min(id) from " + PROCESSES + ")");
        try (var application = postgres.database().connect(runbook.cli.dev.Role.APP)) {
            application.setAutoCommit(false);
            application.createStatement().execute("select from " + PROCESSES + " for update");

            Probe probe = new Probe(ground.target, ground.migration, write("in_review"));
            Probe.Sample sample = probe.sample().orElseThrow();
            new Impact(ground.target, ground.at(Phase.SCHEMA), ground.migration)
                    .keep(write("in_review"), Moment.BEFORE, List.of(sample));

            assertThat(sample.mirrorMicros()).isNull();
            assertThat(sample.writeMicros()).isBetween(250_000L, 2_000_000L);
        }
        ImpactFigures.Line line = line("test: write", Moment.BEFORE);
        assertThat(line.note())
                .isEqualTo("too few samples for p95 and p99; 1 gave way to a lock: they took at least so long");
        assertThat(line.times().p50Millis()).isGreaterThanOrEqualTo(250);
    }

    @Test
    void says_why_there_is_no_figure() {
        ground.sql("alter table " + PROCESSES + " add check (status is distinct from 'refused-value')");
        measured(List.of(write("refused-value")));

        assertThat(line("test: write", Moment.BEFORE).note())
                .startsWith("not measured: SQLSTATE 23514, constraint ")
                .contains("problem 1")
                .doesNotContain("refused-value");
        assertThat(line("test: write", Moment.AFTER).note()).isEqualTo("not measured: the run has not come there");

        ground.sql("delete from runbook.impact");
        measured(List.of());
        assertThat(lines()).singleElement().satisfies(line -> assertThat(line.note())
                .isEqualTo("not measured: the migration names no write of the application"));

        ground.sql("delete from runbook.impact");
        ground.sql("delete from " + PROCESSES);
        measured(List.of(write("in_review")));
        assertThat(line("test: write", Moment.BEFORE).note()).contains("no row was found");
    }

    @Test
    void a_schema_phase_that_begins_again_does_not_call_the_mirrored_times_those_of_before() {
        ground.expanded();
        ground.sql("delete from runbook.impact");

        ground.expanded();

        assertThat(line("a status changes: write", Moment.BEFORE).note())
                .isEqualTo("not measured: the mirrors were already there");
        assertThat(line("a status changes: write", Moment.MIRRORED).samples()).isPositive();
    }

    @Test
    void stands_beside_what_the_application_tells_of_itself() {
        ground.sql(
                "insert into runbook.application_latency (run, moment, statements, p50_millis, p95_millis, p99_millis)"
                        + " values (" + ground.run.id() + ", 'during', 3000, 1, 2, 3.5)");

        assertThat(lines()).singleElement().satisfies(line -> {
            assertThat(line.what()).isEqualTo("the application itself");
            assertThat(line.times()).isEqualTo(new ImpactFigures.Times(1, 2.0, 3.5));
            assertThat(line.note()).isEqualTo("told by runbook");
        });
    }

    @Test
    void a_slot_that_copies_beside_another_one_takes_its_turn() {
        ground.expanded();
        Backfills.open(ground.target, ground.at(Phase.BACKFILL), ground.migration);
        Impact impact = new Impact(ground.target, ground.at(Phase.BACKFILL), ground.migration);
        assertThat(impact.due(Duration.ofMinutes(1))).isTrue();

        impact.keep(write("in_review"), Moment.DURING, List.of(new Probe.Sample(1, 2, 3L)));

        assertThat(impact.due(Duration.ofMinutes(1))).isFalse();
        assertThat(impact.due(Duration.ZERO)).isTrue();
    }

    @Test
    void a_sample_that_cannot_be_taken_does_not_stop_the_copy() {
        Migration broken =
                with(List.of(new Write("test", Key.of(INDIVIDUAL_PROCESSES.ID), one -> update(INDIVIDUAL_PROCESSES)
                        .set(INDIVIDUAL_PROCESSES.TITLE, DSL.field("no_such_column", String.class))
                        .where(one))));
        ground.expanded();
        Backfills.open(ground.target, ground.at(Phase.BACKFILL), ground.migration);

        boolean[] copied = new boolean[1];
        new Impact(ground.target, ground.at(Phase.BACKFILL), broken).beside(() -> copied[0] = true);

        assertThat(copied[0]).isTrue();
        assertThat(line("test: write", Moment.DURING).note()).startsWith("not measured: SQLSTATE 42703, problem ");
    }

    /** A copy that goes on until there are enough samples beside it. */
    private void copyUntilSampled() {
        try {
            Eventually.holds("100 samples beside the copy", PATIENCE, () -> {
                ground.sql("update runbook.range set changed_at = clock_timestamp()");
                return ground.number("select count(*) from runbook.impact where moment = 'during'") >= 100;
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_copy_that_waits_for_its_window_is_not_sampled() {
        ground.expanded();
        Backfills.open(ground.target, ground.at(Phase.BACKFILL), ground.migration);
        ground.sql("update runbook.range set changed_at = clock_timestamp() - interval '1 min'");

        new Impact(ground.target, ground.at(Phase.BACKFILL), ground.migration).beside(() -> {});

        assertThat(line("a status changes: write", Moment.DURING).note())
                .isEqualTo("not measured: the run has not come there");
    }

    private void measured(List<Write> writes) {
        new Impact(ground.target, ground.at(Phase.SCHEMA), with(writes)).before(Pulse.NONE);
    }

    private static Write write(String status) {
        return new Write("test", Key.of(INDIVIDUAL_PROCESSES.ID), one -> update(INDIVIDUAL_PROCESSES)
                .set(INDIVIDUAL_PROCESSES.STATUS, status)
                .where(one));
    }

    /** The bundled migration with other writes. */
    private Migration with(List<Write> writes) {
        return (Migration) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Migration.class},
                (proxy, method, arguments) ->
                        method.getName().equals("writes") ? writes : method.invoke(ground.migration, arguments));
    }

    private List<ImpactFigures.Line> lines() {
        return ImpactFigures.of(ground.target.dsl(), ground.run.id());
    }

    private ImpactFigures.Line line(String what, Moment moment) {
        return lines().stream()
                .filter(line -> line.what().equals(what) && line.moment().equals(moment.word()))
                .findFirst()
                .orElseThrow();
    }
}
