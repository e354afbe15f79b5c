package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import runbook.message.PhaseRequest;
import runbook.message.Run;

/** How many refused rows are too many: of the run by count, of each backfill by share. */
class BudgetTest extends OneCopy {

    private static final Run RUN = new Run("copying", "t", 1, 1, "w", "r");

    private final Budget budget = new Budget(100, 10);

    BudgetTest() {
        super(900);
    }

    private static Budget.Spent spent(long ofRun, long refused, long scanned) {
        return new Budget.Spent(ofRun, refused, scanned);
    }

    @Test
    void what_another_backfill_was_refused_is_no_part_of_the_share() {
        assertThatCode(() -> budget.check(spent(90, 0, 1_000), RUN, "it")).doesNotThrowAnyException();
        assertThatCode(() -> budget.check(spent(90, 10, 1_000), RUN, "it")).doesNotThrowAnyException();
        assertThatThrownBy(() -> budget.check(spent(90, 11, 1_000), RUN, "it"))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageStartingWith("it: the database refused 11 rows of 1000, the error budget is 10 of 1,000.");
    }

    @Test
    void the_count_is_that_of_the_run() {
        assertThatThrownBy(() -> budget.check(spent(101, 1, 1_000), RUN, "it"))
                .hasMessageStartingWith("it: the database refused 101 rows, the error budget is 100.");
    }

    @Test
    void a_share_of_few_rows_counts_once_all_are_looked_at() {
        assertThatCode(() -> budget.check(spent(90, 90, 999), RUN, "it")).doesNotThrowAnyException();
        assertThatThrownBy(() -> budget.checkShare(spent(90, 90, 900), RUN, "it"))
                .hasMessageStartingWith("it: the database refused 90 rows of 900, the error budget is 10 of 1,000.");
        assertThatCode(() -> budget.checkShare(spent(0, 0, 0), RUN, "it")).doesNotThrowAnyException();
    }

    @Test
    void a_copy_of_few_rows_parks_at_its_end_when_too_large_a_share_is_refused() {
        rig.sql("alter table copying.target add check (k1 % 90 <> 0)");
        PhaseRequest request = rig.begin(insert, Map.of());

        assertThatThrownBy(() -> rig.copy(request, insert, 1))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageStartingWith(
                        "copying: backfill 'rows': the database refused 10 rows of 900, the error budget");
        assertThat(rig.number("select count(*) from copying.target")).isEqualTo(890);
    }
}
