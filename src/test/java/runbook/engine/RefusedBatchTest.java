package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;

/** What becomes of a batch that takes too long, or meets rows that nobody claimed. */
class RefusedBatchTest extends OneCopy {

    private static final int ROWS = 2_000;

    RefusedBatchTest() {
        super(ROWS);
    }

    /** As if the statement had run into its limit; a sequence counts how often, since it is not rolled back. */
    private void timesOut(String which) {
        rig.sql("create sequence copying.cancelled");
        rig.sql("""
                create function copying.time_out() returns trigger language plpgsql as $$
                begin
                    if tg_level = 'ROW'
                        or (select count(*) > 300 from copying.target where xmin = pg_current_xact_id()::xid) then
                        perform nextval('copying.cancelled');
                        raise 'canceling statement due to statement timeout' using errcode = '57014';
                    end if;
                    return null;
                end $$""");
        rig.sql("create trigger time_out after insert on copying.target " + which
                + " execute function copying.time_out()");
    }

    @Test
    void a_batch_that_runs_into_its_limit_is_halved_and_tried_again() {
        timesOut("for each statement");
        PhaseRequest request = rig.begin(insert, Map.of());

        PhaseReport report = rig.copy(request, insert, 1);

        assertThat(report.counts()).containsEntry("copied", (long) ROWS).containsEntry("quarantined", 0L);
        assertThat(rig.number("select last_value from copying.cancelled")).isGreaterThan(1);
        assertThat(rig.differences()).isZero();
    }

    @Test
    void a_row_that_runs_into_the_limit_each_time_parks_and_is_not_held() {
        timesOut("for each row when (new.k1 = 7)");
        PhaseRequest request = rig.begin(insert, Map.of());

        assertThatThrownBy(() -> rig.copy(request, insert, 1))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageMatching(
                        "copying: backfill 'rows', range [0-9]+: a batch of one row was cancelled 3 times, by"
                                + " its time limit or by somebody. Everything before it is copied. Look at its plan: .*");
        assertThat(rig.number("select count(*) from runbook.quarantine")).isZero();
        assertThat(rig.number("select count(*) from copying.target where k1 < 7"))
                .isEqualTo(6);
    }

    @Test
    void a_row_that_somebody_else_put_into_the_target_stays_as_it_is_and_its_unit_is_held() {
        rig.sql("insert into copying.target values (7, 'by hand')");
        PhaseRequest request = rig.begin(insert, Map.of());

        PhaseReport report = rig.copy(request, insert, 1);

        assertThat(report.problems()).isEmpty();
        assertThat(report.counts()).containsEntry("copied", ROWS - 1L).containsEntry("quarantined", 1L);
        assertThat(rig.text("select v from copying.target where k1 = 7")).isEqualTo("by hand");
        assertThat(rig.rows("select key ->> 0 from runbook.quarantine").getValues(0))
                .isEqualTo(List.of("7"));
        assertThat(rig.number("select count(*) from copying.claims where k1 = 7"))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "55P03"})
    void a_batch_that_loses_a_race_is_tried_again_and_no_row_is_held_to_be_bad(String state) {
        rig.sql("create sequence copying.lost");
        rig.sql("""
                create function copying.lose() returns trigger language plpgsql as $$
                begin
                    if nextval('copying.lost') <= 4 then
                        raise 'somebody was first' using errcode = '%s';
                    end if;
                    return new;
                end $$""".formatted(state));
        rig.sql("create trigger lose before insert on copying.target for each row when (new.k1 = 7)"
                + " execute function copying.lose()");
        PhaseRequest request = rig.begin(insert, Map.of());

        PhaseReport report = rig.copy(request, insert, 1);

        assertThat(report.counts()).containsEntry("copied", (long) ROWS).containsEntry("quarantined", 0L);
        assertThat(rig.number("select last_value from copying.lost")).isEqualTo(5);
        assertThat(rig.number("select count(*) from runbook.problem")).isZero();
        assertThat(rig.differences()).isZero();
    }
}
