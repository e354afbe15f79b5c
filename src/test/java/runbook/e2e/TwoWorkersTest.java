package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.e2e.NewShape.execute;
import static runbook.e2e.NewShape.number;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import runbook.Eventually;
import runbook.cli.dev.DevTemporal;
import runbook.cli.dev.Role;

/** One copy by two workers, each a process of its own: all that they share is the task queue and the target. */
class TwoWorkersTest extends OneRun {

    private static final int SLOTS = 8;
    private static final int RANGES = 40;

    private static final String HOLD = "select 10 * count(*) from pg_class where relname = 'holds_the_copy'";
    private static final String HELD = "runbook.range where owner_slot is not null and finished_at is null";

    TwoWorkersTest() {
        super(LiveControlTest.fiveThousand());
    }

    @Test
    @Timeout(180)
    void slots_of_two_processes_copy_one_run_at_once_and_count_every_unit_once(DevTemporal server) throws Exception {
        execute(postgres.database(), Role.SUPERUSER, "create table public.holds_the_copy ()");
        run.started(run.input(
                "gates", List.of("backfill", "cutover", "drop"), "custom", HOLD, "limits", Map.of("custom", 5)));
        run.view().await(run.workflow(), "waiting: backfill");
        LiveControlTest.cut(postgres.database(), RANGES);
        run.update("tune", Map.of("workers", SLOTS, "requestedBy", "dana"));

        try (OtherWorker other = OtherWorker.within(List.of(), server, folder)) {
            run.approve("backfill");
            Eventually.holds("each slot holds a range", RunView.PATIENCE, () -> count(HELD) == SLOTS);
            assertThat(processes(HELD))
                    .as("processes; the other one: %s", other.log())
                    .isEqualTo(2);
            execute(postgres.database(), Role.SUPERUSER, "drop table public.holds_the_copy");
            run.view().await(run.workflow(), "waiting: cutover");
        }

        long units = count("individual_process_status.individual_processes");
        assertThat(sum("scanned")).isEqualTo(units);
        assertThat(sum("copied + skipped + quarantined")).isEqualTo(units);
        assertThat(sum("rows_written")).isEqualTo(count("individual_process_status.individual_process_statuses"));
        assertThat(processes("runbook.range where scanned > 0 and finished_at is not null"))
                .isEqualTo(2);
        assertThat(run.view().attempts(run.workflow() + "/backfill")).isEqualTo(1);
        run.approve("cutover");
        run.view().await(run.workflow(), "completed");
        NewShape.holdsEveryStatusOf(postgres.database());
    }

    /** How many processes had a part in these ranges: the holder of a range is an attempt of an activity in a process. */
    private long processes(String ranges) throws SQLException {
        return number(postgres.database(), "select count(distinct split_part(owner_token, '/', 3)) from " + ranges);
    }

    private long sum(String of) throws SQLException {
        return number(postgres.database(), "select sum(" + of + ") from runbook.range where backfill = 'statuses'");
    }

    private long count(String from) throws SQLException {
        return number(postgres.database(), "select count(*) from " + from);
    }
}
