package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.message.Phase;
import runbook.message.TrialReport;
import runbook.message.TrialRequest;

/** One process alone, and the record that a person reads to believe it. */
class TrialsTest {

    private static final String PROCESSES = "individual_process_status.individual_processes";
    private static final String STATUSES = "individual_process_status.individual_process_statuses";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void expanded() throws Exception {
        ground = new Ground(postgres, 100);
        ground.behindTheMirrors("update " + PROCESSES + " set status = 'pending_documents' where id = 1");
        ground.expanded();
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void gives_the_nine_fields_of_the_guide() {
        TrialReport report = trial("1", "first");

        assertThat(report.alreadyMigrated()).isFalse();
        assertThat(report.issues()).isEmpty();
        assertThat(report.record())
                .containsExactly(
                        Map.entry("processId", 1L),
                        Map.entry("migrationComplete", true),
                        Map.entry("singleActiveStatus", true),
                        Map.entry("statusMatches", true),
                        Map.entry("totalStatusRecords", 1),
                        Map.entry("activeStatusCount", 1),
                        Map.entry("legacyStatus", "pending_documents"),
                        Map.entry("currentActiveStatus", "pending_documents"),
                        Map.entry("issues", List.of()));
    }

    @Test
    void no_status_is_told_from_a_blank_one() {
        ground.behindTheMirrors("update " + PROCESSES + " set status = null where id = 1");
        ground.behindTheMirrors("update " + PROCESSES + " set status = '' where id = 2");

        assertThat(trial("1", "first").record())
                .containsEntry("legacyStatus", null)
                .containsEntry("currentActiveStatus", null)
                .containsEntry("statusMatches", true);
        assertThat(trial("2", "second").record())
                .containsEntry("legacyStatus", "")
                .containsEntry("currentActiveStatus", "")
                .containsEntry("statusMatches", true);
    }

    @Test
    void an_attempt_that_is_repeated_answers_as_the_first_did() {
        assertThat(trial("1", "first").alreadyMigrated()).isFalse();
        assertThat(trial("1", "first").alreadyMigrated()).isFalse();

        assertThat(trial("1", "second").alreadyMigrated()).isTrue();
        assertThat(trial("1", "second").alreadyMigrated()).isTrue();
        assertThat(ground.number("select count(*) from runbook.audit where act = 'trial'"))
                .isEqualTo(2);
    }

    @Test
    void names_a_process_without_records() {
        trial("1", "first");
        ground.behindTheMirrors("delete from " + STATUSES);

        assertThat(trial("1", "second").issues())
                .containsExactly(
                        "No status records found",
                        "Multiple active statuses: 0",
                        "Legacy and current status don't match");
    }

    @Test
    void names_several_active_statuses() {
        trial("1", "first");
        ground.behindTheMirrors(
                "drop index individual_process_status.individual_process_statuses_one_active",
                "insert into " + STATUSES + " (individual_process_id, status_name, is_active, changed_at)"
                        + " values (1, 'pending_documents', true, now())");

        assertThat(trial("1", "second").issues()).containsExactly("Multiple active statuses: 2");
    }

    @Test
    void names_a_status_that_does_not_match() {
        trial("1", "first");
        ground.behindTheMirrors("update " + STATUSES + " set status_name = 'another'");

        TrialReport report = trial("1", "second");

        assertThat(report.issues()).containsExactly("Legacy and current status don't match");
        assertThat(report.record())
                .containsEntry("statusMatches", false)
                .containsEntry("currentActiveStatus", "another")
                .containsEntry("issues", report.issues());
    }

    @Test
    void a_key_that_is_none_is_refused_in_one_sentence() {
        assertThat(trial("seven", "first").refused()).isEqualTo("'key': expected a bigint for id, found 'seven'.");
        assertThat(trial("99999999999999999999", "first").refused()).startsWith("'key': expected a bigint for id");
        assertThat(trial("", "first").refused()).startsWith("'key': expected a bigint for id");
        assertThat(trial("1,2", "first").refused()).isEqualTo("'key': expected 1 value, found 2.");
        assertThat(trial("4711", "first").refused()).isEqualTo("No unit has this key.");
    }

    private TrialReport trial(String key, String once) {
        return Trials.bringOver(
                ground.target, new TrialRequest(ground.at(Phase.BACKFILL), key, "dana", once), ground.migration);
    }
}
