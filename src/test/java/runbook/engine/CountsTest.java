package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;

/** A copy does not pass while the tables themselves say something else than its counts. */
class CountsTest extends OneCopy {

    private PhaseRequest request;

    CountsTest() {
        super(2_000);
    }

    @BeforeEach
    void copyAllButTwo() {
        rig.sql("alter table copying.target add check (k1 <> 77)");
        rig.sql("insert into copying.claims values (5, 'mirror')");
        request = rig.begin(insert, Map.of());
        rig.slots(request, insert, 1);
    }

    private PhaseReport finish() {
        return Backfills.finish(rig.target, request, new Copying(List.of(insert)), Pulse.NONE);
    }

    private void assertFound(String... problems) {
        PhaseReport report = finish();
        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.counts())
                .containsEntry("scanned", 2_000L)
                .containsEntry("copied", 1_998L)
                .containsEntry("skipped", 1L)
                .containsEntry("quarantined", 1L);
        assertThat(report.problems()).hasSameSizeAs(problems);
        for (int i = 0; i < problems.length; i++) {
            assertThat(report.problems().get(i)).startsWith("copying: backfill 'rows' " + problems[i]);
        }
    }

    @Test
    void a_unit_counted_as_copied_that_is_not_in_the_ledger_is_found() {
        rig.sql("delete from copying.claims where k1 = 7");

        assertFound("counted 1998 units copied, the ledger holds 1997.", "is not done: 1 units are neither copied");
    }

    @Test
    void a_unit_skipped_that_nobody_else_has_brought_over_is_found() {
        rig.sql("delete from copying.claims where k1 = 5");

        assertFound(
                "skipped 1 units as brought over by others, the ledger holds 0.",
                "is not done: 1 units are neither copied");
    }

    @Test
    void a_unit_counted_as_refused_that_nobody_holds_is_found() {
        rig.sql("delete from runbook.quarantine");

        assertFound("counted 1 units refused, the quarantine holds 0.", "is not done: 1 units are neither copied");
    }

    @Test
    void counts_of_a_range_that_do_not_add_up_cannot_be_written() {
        assertThatThrownBy(() -> rig.sql("update runbook.range set scanned = scanned + 1"))
                .isInstanceOf(DataAccessException.class)
                .satisfies(refused -> assertThat(Sql.state(refused)).isEqualTo("23514"));
        assertThat(finish().verdict()).isEqualTo(Verdict.PASSED);
    }
}
