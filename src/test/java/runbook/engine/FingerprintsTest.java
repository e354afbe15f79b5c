package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;

/** Whether the way back notices what our scripts left, and leaves alone what the application made. */
class FingerprintsTest {

    private static final String PROCESSES = "individual_process_status.individual_processes";

    /** One of each kind, as scripts would bring them whose undo forgets them. */
    private static final String PLANTED = """
            create table individual_process_status.planted_table (n int);
            create sequence individual_process_status.planted_sequence;
            create view individual_process_status.planted_view as select 1 as one;
            create type individual_process_status.planted_type as enum ('a');
            create function individual_process_status.planted_function() returns int language sql return 1;
            create index planted_index on %1$s (title);
            alter table %1$s add constraint planted_constraint check (id > 0), add column planted_column int;
            create policy planted_policy on %1$s using (true);
            create function individual_process_status.planted_trigger() returns trigger language plpgsql
                as 'begin return new; end';
            create trigger planted_trigger before update on %1$s
                for each row execute function individual_process_status.planted_trigger();
            create rule planted_rule as on delete to individual_process_status.planted_view do instead nothing;
            create statistics individual_process_status.planted_statistics on title, status from %1$s;
            grant truncate on %1$s to app;
            """.formatted(PROCESSES);

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void expanded() throws Exception {
        ground = new Ground(postgres, 300).expanded().copied();
    }

    @AfterEach
    void close() {
        ground.close();
    }

    private void plant(String sql) {
        ground.sql(sql);
        // The schema phase is tried again: what is there at its end, and was not at its first beginning, is ours.
        ground.expanded();
    }

    @Test
    void the_way_back_names_each_kind_of_object_that_it_left() {
        plant(PLANTED);
        ground.cutOver();

        PhaseReport report = ground.wentBack();

        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.problems())
                .singleElement()
                .asString()
                .contains("still there: table individual_process_status.planted_table")
                .contains("still there: sequence individual_process_status.planted_sequence")
                .contains("still there: view individual_process_status.planted_view")
                .contains("still there: type individual_process_status.planted_type")
                .contains("still there: function individual_process_status.planted_function()")
                .contains("still there: index individual_process_status.planted_index")
                .contains("still there: constraint planted_constraint on " + PROCESSES)
                .contains("still there: column " + PROCESSES + ".planted_column")
                .contains("still there: policy planted_policy on " + PROCESSES)
                .contains("still there: trigger planted_trigger on " + PROCESSES)
                .contains("still there: rule planted_rule on individual_process_status.planted_view")
                .contains("still there: statistics planted_statistics on " + PROCESSES)
                .contains("still there: right TRUNCATE on " + PROCESSES + " of app")
                .contains("send it with \"acceptDefinition\": true");
    }

    @Test
    void what_our_scripts_took_away_and_a_flag_that_is_on_are_found() {
        plant("drop index individual_process_status.individual_processes_by_client");
        Ground.passes(Stages.flipBack(ground.target, ground.at(Phase.ROLLBACK), ground.migration, Pulse.NONE));
        ground.sql("update runbook.flag set per_mille = 5");

        PhaseReport report = ground.undone();

        assertThat(report.problems())
                .singleElement()
                .asString()
                .contains("2 objects are not as before")
                .contains("missing: index individual_process_status.individual_processes_by_client")
                .contains("still on: flag new_status_system");
    }

    @Test
    void what_the_application_made_meanwhile_is_counted_and_left_alone() {
        ground.sql("create index own on " + PROCESSES + " (title)");
        ground.sql("drop index individual_process_status.individual_processes_by_client");

        PhaseReport report = ground.wentBack();

        Ground.passes(report);
        assertThat(report.summary()).endsWith("2 changes by others");
    }

    @Test
    void a_person_may_accept_what_differs() {
        plant("create index planted_index on " + PROCESSES + " (title)");
        assertThat(ground.wentBack().verdict()).isEqualTo(Verdict.FAILED);

        PhaseRequest accepted = new PhaseRequest(ground.run, ground.start, Phase.ROLLBACK, 2, true, true);
        PhaseReport report = WayBack.undo(ground.target, accepted, ground.migration, Pulse.NONE);

        Ground.passes(report);
        assertThat(report.summary()).contains("1 differences accepted");
    }
}
