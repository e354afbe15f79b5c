package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.engine.account.Account;
import runbook.engine.account.Accounts;
import runbook.message.CheckVerdict;
import runbook.message.End;
import runbook.message.Outcome;
import runbook.message.Phase;
import runbook.message.Verdict;
import runbook.migrations.Bundled;
import runbook.report.Report;
import runbook.report.Standing;

/** What runs have left is found and named with what removes it, before a run begins and when one has dropped. */
@Timeout(120)
class RemainsTest {

    private static final String SCHEMA = "individual_process_status.";
    private static final String PROCESSES = SCHEMA + "individual_processes";
    private static final String CLAIM = "nothing is left of runs that are over";
    private static final Pattern REMOVAL = Pattern.compile(" \\(((?:drop|alter) .*?)\\)(?=; |$)");

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void legacy() throws Exception {
        ground = new Ground(postgres, 50);
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void nothing_is_left_where_nothing_ever_ran() {
        assertThat(before().verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void what_an_earlier_owner_of_the_run_brought_is_not_left_over() {
        ground.expanded().copied().adopted("second");

        assertThat(before().note()).isEmpty();
    }

    @Test
    void what_a_roll_back_has_kept_is_told_with_its_run() {
        ground.expanded().copied().cutOver().begunAnew("second");

        assertThat(before().severity()).isEqualTo("advisory");
        assertThat(before().note())
                .isEqualTo("found 2, expected none, each with what removes it:"
                        + " table runbook_archive.individual_process_statuses_run1 of run 1, which is rolled back"
                        + " (drop table runbook_archive.individual_process_statuses_run1);"
                        + " table runbook_archive.individual_process_status_claims_run1 of run 1, which is rolled back"
                        + " (drop table runbook_archive.individual_process_status_claims_run1)");
    }

    @Test
    void each_leftover_is_found_and_goes_by_the_command_that_is_told_and_not_by_itself() {
        ground.expanded().copied().cutOver().begunAnew("second");
        plant(
                "create function " + SCHEMA + "is_admin() returns boolean language sql as 'select true'",
                "create function " + SCHEMA + "leave() returns trigger language plpgsql as 'begin return new; end'",
                "create trigger runbook_mirror_update after update on " + PROCESSES + " for each row execute function "
                        + SCHEMA + "leave()",
                "create trigger runbook_preserved after update on " + SCHEMA + "users"
                        + " for each row execute function " + SCHEMA + "leave()",
                "create trigger runbook_repaired after update on " + SCHEMA + "users"
                        + " for each row execute function " + SCHEMA + "leave()",
                "create table " + SCHEMA + "individual_process_statuses (id bigint primary key)",
                "alter table " + PROCESSES + " add retired_status text",
                "create table runbook_archive.individual_process_statuses_run99 ()",
                "create database runbook_plan_remains");
        assertThatThrownBy(() -> ground.sql("create unique index concurrently half on " + PROCESSES + " ((1))"))
                .hasMessageContaining("could not create unique index");

        String note = before().note();
        List<String> removals = removals(note);

        assertThat(note)
                .contains(
                        "function " + SCHEMA + "is_admin() of run 1 (drop function " + SCHEMA + "is_admin())",
                        "trigger runbook_mirror_update on " + PROCESSES,
                        "trigger runbook_preserved on " + SCHEMA + "users",
                        "trigger runbook_repaired on " + SCHEMA + "users",
                        "table " + SCHEMA + "individual_process_statuses of run 1 (",
                        "column " + PROCESSES + ".retired_status",
                        "table runbook_archive.individual_process_statuses_run99 (",
                        "invalid index " + SCHEMA + "half (drop index concurrently ",
                        "scratch database runbook_plan_remains")
                .startsWith("found 11, ");
        assertThat(removals).hasSize(11);
        assertThat(before().note()).isEqualTo(note);
        removals.forEach(ground::sql);
        assertThat(before().verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void an_index_that_nobody_finished_is_told_in_mid_run_too() {
        ground.expanded();
        assertThatThrownBy(() -> ground.sql("create unique index concurrently half on " + PROCESSES + " ((1))"))
                .hasMessageContaining("could not create unique index");

        assertThat(removals(before().note())).containsExactly("drop index concurrently " + SCHEMA + "half");
    }

    @Test
    void after_the_drop_the_new_shape_is_all_that_is_left_and_everybody_is_told() {
        ground.expanded().copied().cutOver().completed();

        String words = "last state: nothing but the new shape is left, by the catalogue";
        assertThat(Report.text(account())).contains(words);
        assertThat(Report.html(account())).contains(words);
        assertThat(Standing.of(account(), null, null, List.of()).lastState()).isEqualTo(words);
        assertThat(account().checks())
                .filteredOn(line -> line.name().equals(CheckVerdict.NEW_SHAPE_ALONE))
                .singleElement()
                .satisfies(line -> assertThat(line.verdict()).isEqualTo("passed"));
    }

    @Test
    void what_is_left_after_the_drop_is_told_by_name() {
        ground.expanded().copied().cutOver();
        Ground.passes(ground.retired());
        plant(
                "create function " + SCHEMA + "asks() returns boolean language sql as 'select runbook.stopped()'",
                "create function " + SCHEMA + "leave() returns trigger language plpgsql as 'begin return new; end'",
                "create trigger runbook_mirror_update after update on " + PROCESSES + " for each row execute function "
                        + SCHEMA + "leave()",
                "create table runbook_archive.individual_process_statuses_run99 ()");

        var dropped = Retirements.drop(ground.target, ground.at(Phase.CLEANUP), ground.migration, Pulse.NONE);
        Runs.end(ground.target, new End(ground.run, Outcome.COMPLETED, "dana", "done"));

        assertThat(dropped.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(dropped.summary()).endsWith("; the check \"nothing but the new shape is left\" names what is");
        assertThat(Report.text(account()).replaceAll("\\s+", " "))
                .contains(
                        "last state: found 3, expected none, each with what removes it: trigger runbook_mirror_update on "
                                + PROCESSES + " (drop trigger runbook_mirror_update on " + PROCESSES + "); function "
                                + SCHEMA + "asks(), which asks schema runbook (drop function " + SCHEMA
                                + "asks()); table runbook_archive.individual_process_statuses_run99 (drop table");
    }

    @Test
    void a_run_that_ends_without_the_drop_says_so() {
        ground.expanded().copied().cutOver();
        Ground.passes(ground.retired());
        Runs.end(ground.target, new End(ground.run, Outcome.COMPLETED, "dana", "done"));

        assertThat(Report.heading(account())).contains("last state: the old objects are retired and not dropped");
    }

    private void plant(String... statements) {
        for (String statement : statements) {
            ground.sql(statement);
        }
    }

    private static List<String> removals(String note) {
        List<String> removals = new ArrayList<>();
        REMOVAL.matcher(note).results().forEach(match -> removals.add(match.group(1)));
        return removals;
    }

    private Account account() {
        return Accounts.of(ground.target, String.valueOf(ground.run.id()), new Catalog(Bundled.migrations()), false);
    }

    private CheckVerdict before() {
        return Assessment.assess(ground.target, ground.at(Phase.ASSESSMENT), ground.migration, Pulse.NONE)
                .checks()
                .stream()
                .filter(check -> check.name().equals(CLAIM))
                .findFirst()
                .orElseThrow();
    }
}
