package runbook.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import runbook.message.PhaseReport;
import runbook.sample.ApplicationWriter;
import runbook.sample.Change;
import runbook.sample.Oracle;

/** A copy that is killed at every point of its batches, while the application writes, loses nothing and does nothing twice. */
class KillSweepTest {

    private static final String SCHEMA = "individual_process_status.";

    private static final long SEED = 4;

    @TempDir
    Path folder;

    @Test
    @Timeout(180)
    void brings_every_row_over_once_whatever_is_killed() throws Exception {
        Tally tally = sweep(12_000, 16);

        assertThat(tally.counted()).isGreaterThanOrEqualTo(12);
    }

    /** The long form: {@code -Dsweep=long}. */
    @Test
    @Timeout(3_600)
    @EnabledIfSystemProperty(named = "sweep", matches = "long")
    void brings_a_hundred_thousand_rows_over_once_whatever_is_killed() throws Exception {
        Tally tally = sweep(100_000, 100);

        assertThat(tally.counted()).isGreaterThanOrEqualTo(60);
    }

    private Tally sweep(long rows, int enough) throws Exception {
        try (SweptRun run = new SweptRun(rows, folder);
                ApplicationWriter application = run.application();
                Sweep sweep = new Sweep(run, SEED)) {
            Tally tally = sweep.untilAllIsCopied(enough);
            System.out.println(tally);
            PhaseReport report = run.finished();
            application.close();

            SweptRun.passes(report);
            nothingIsLostAndNothingTwice(run, application);
            nothingWasDoneAgain(run, application, rows);
            everyActIsAuditedOnce(run);
            assertThat(tally.before()).isPositive();
            assertThat(tally.in()).isPositive();
            assertThat(tally.after()).isPositive();
            return tally;
        }
    }

    private static void nothingIsLostAndNothingTwice(SweptRun run, ApplicationWriter application) throws Exception {
        try (Connection owner = run.owner()) {
            assertThat(Oracle.check(owner, application.changes(), 0)).isEmpty();
        }
        assertThat(application.applicationErrors()).isEmpty();
        assertThat(application.counts().ambiguous()).isZero();
        assertThat(application.counts().changes()).isPositive();
    }

    /** A batch that is done again finds its units claimed, so that more is scanned than there is, or less is copied. */
    private static void nothingWasDoneAgain(SweptRun run, ApplicationWriter application, long rows) throws Exception {
        long scanned = run.number("select sum(scanned) from runbook.range");
        long deleted = application.changes().stream()
                .filter(change -> change.kind() == Change.Kind.DELETE)
                .count();

        assertThat(scanned).isBetween(rows - deleted, rows);
        assertThat(run.number("select sum(copied) from runbook.range"))
                .isEqualTo(run.number("select count(*) from " + SCHEMA
                        + "individual_process_status_claims where claimed_by = 'backfill'"));
        assertThat(run.number("select coalesce(sum(units), 0) from runbook.skip where reason like 'already%'"))
                .isLessThanOrEqualTo(run.number("select count(*) from " + SCHEMA
                        + "individual_process_status_claims where claimed_by <> 'backfill'"));
        assertThat(run.number("select sum(quarantined) from runbook.range")).isZero();
    }

    private static void everyActIsAuditedOnce(SweptRun run) throws Exception {
        assertThat(run.number("select count(*) from (select act, subject from runbook.audit group by act, subject"
                        + " having count(*) > 1) twice"))
                .isZero();
        assertThat(run.number("select count(*) from runbook.audit where act = 'begin'"))
                .isEqualTo(1);
        assertThat(run.number("select count(*) from runbook.audit where act = 'tune'"))
                .as("each worker that was started tuned the copy, by one name")
                .isEqualTo(1);
    }
}
