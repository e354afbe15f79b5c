package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import runbook.message.PhaseReport;
import runbook.message.Verdict;

/** What is said of an old shape that was brought back is what was proved of it, and is kept. */
class BroughtBackTest extends OneRetired {

    private static final String SINCE = "written since the retirement, by: the active status is the legacy status";

    @BeforeEach
    void over() {
        ended();
    }

    @Test
    void keeps_what_was_proved_and_what_the_new_shape_alone_holds() {
        ground.sql("insert into " + STATUSES
                + " (individual_process_id, status_name, is_active) values (1, 'later', true),"
                + " (2, 'later', true), (3, 'later', true)");

        PhaseReport report = bringBack();

        Ground.passes(report);
        assertThat(report.summary())
                .contains("its objects proved to be as before")
                .contains("in runbook_archive alone: " + SINCE + ": 3;")
                .doesNotContain("writes kept");
        assertThat(ground.rows("select name, verdict, found from runbook.check_result where phase = 'rollback'"
                                + " and run = " + (ground.run.id() + 1) + " order by found")
                        .formatCSV())
                .contains(SINCE + "\",failed,3", ",failed,5");
        assertThat(ground.number("select count(*) from runbook.violation where check_name = '" + SINCE + "'"))
                .isEqualTo(3);
        assertThat(ground.text("select detail ->> 'reason' from runbook.audit where act = 'rolled_back'"))
                .isEqualTo(report.summary());
    }

    @Test
    void an_object_that_is_not_as_before_is_named() {
        ground.sql("create index planted on " + PROCESSES + " (title)");
        ground.sql("insert into runbook.fingerprint select run, moment, 'index " + SCHEMA + "planted', 'ours'"
                + " from runbook.fingerprint where moment = 'after schema' limit 1");

        PhaseReport report = bringBack();

        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.problems())
                .singleElement()
                .asString()
                .contains(
                        "the old shape is in use again; 1 object is not as before the schema phase: still there: index "
                                + SCHEMA + "planted");
    }

    @Test
    void what_cannot_be_looked_at_is_not_verified_and_comes_back_all_the_same() {
        closeToEverybody();

        assertThat(Unarchive.outlook(ground.target, ground.migration, Duration.ofMinutes(1))
                        .lost())
                .allSatisfy(lost -> assertThat(lost.count()).isNull());
        PhaseReport report = bringBack();

        assertThat(report.verdict()).isEqualTo(Verdict.NOT_VERIFIED);
        assertThat(report.problems()).hasSize(2).anySatisfy(problem -> assertThat(problem)
                .contains("not verified: \"" + SINCE + "\": SQLSTATE 42501")
                .contains("compare them there"));
        assertThat(ground.number("select count(status) from " + PROCESSES)).isPositive();
        assertThat(ground.text("select string_agg(distinct verdict, ',') from runbook.check_result"
                        + " where phase = 'rollback'"))
                .isEqualTo("not_verified");
    }

    /** Whoever reads with {@code row_security = off} gets an error, the owner too. */
    private void closeToEverybody() {
        ground.sql("alter table " + STATUSES + " enable row level security");
        ground.sql("alter table " + STATUSES + " force row level security");
    }

    private PhaseReport bringBack() {
        return Unarchive.bringBack(ground.target, ground.migration, "dana", Pulse.NONE);
    }
}
