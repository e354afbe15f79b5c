package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.Verdict;

/** Units that a copy left over are copied by the next one, and no unit is counted twice. */
class LeftoversTest {

    private static final long ROWS = 300;

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void legacy() throws Exception {
        ground = new Ground(postgres, ROWS).expanded();
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void copies_what_was_left_over_without_counting_the_others_again() {
        copy();
        ground.behindTheMirrors(
                "alter table individual_process_status.individual_processes disable trigger user",
                "insert into individual_process_status.individual_processes (client_id, title, status, created_at)"
                        + " select client_id, 'left over', status, created_at"
                        + " from individual_process_status.individual_processes where id <= 3",
                "alter table individual_process_status.individual_processes enable trigger user");

        PhaseReport found = finish();
        assertThat(found.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(found.problems()).singleElement().asString().contains("3 units are neither copied nor skipped");
        copy();
        PhaseReport report = finish();

        Ground.passes(report);
        assertThat(report.counts())
                .containsEntry("scanned", ROWS + 3)
                .containsEntry("copied", ROWS + 3)
                .containsEntry("skipped", 0L);
    }

    private void copy() {
        Backfills.open(ground.target, ground.at(Phase.BACKFILL), ground.migration);
        new Copier(
                        ground.target,
                        ground.at(Phase.BACKFILL),
                        ground.migration.backfills().get(0),
                        Pulse.NONE)
                .copy(0, "attempt 1");
    }

    private PhaseReport finish() {
        return Backfills.finish(ground.target, ground.at(Phase.BACKFILL), ground.migration, Pulse.NONE);
    }
}
