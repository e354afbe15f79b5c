package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.e2e.NewShape.execute;
import static runbook.e2e.NewShape.number;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import runbook.TestPostgres;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.Role;
import runbook.sample.Samples;
import runbook.sample.SqlFolder;

/** A copy of a thousand ranges that people tune, and whose refused rows they requeue, on a real server. */
class LiveControlTest extends OneRun {

    private static final String MIGRATION = "individual_process_status";
    private static final int RANGES = 1_000;

    private static final String CUT = """
            with cut as (
                select ntile(%d) over (order by id) as number, id from individual_process_status.individual_processes
            ), bound as (
                select number, max(id) as upto, count(*) as units from cut group by number
            )
            insert into runbook.range (run, backfill, number, definition, after_key, upto_key, expected, batch_rows)
            select r.id, '%s', b.number, r.definition,
                case when b.number > 1 then jsonb_build_array(lag(b.upto) over (order by b.number)::text) end,
                jsonb_build_array(b.upto::text), b.units, 10
            from bound b cross join runbook.migration_run r""";

    LiveControlTest() {
        super(fiveThousand());
    }

    static TestPostgres fiveThousand() {
        return TestPostgres.prepared("legacy_5000", owner -> {
            SqlFolder.run(owner, MIGRATION, "legacy");
            Samples.named(MIGRATION).create(owner, 5_000, 7);
        });
    }

    /** Cuts more ranges than the engine would, before it looks whether there are any. */
    static void cut(DevDatabase database, int ranges) throws SQLException {
        execute(database, Role.RUNBOOK, CUT.formatted(ranges, "statuses"));
    }

    @Test
    @Timeout(180)
    void a_thousand_ranges_leave_a_short_history() throws Exception {
        run.started(run.input("gates", List.of("backfill", "cutover", "drop")));
        run.view().await(run.workflow(), "waiting: backfill");
        cut(postgres.database(), RANGES);
        run.approve("backfill");
        run.view().await(run.workflow(), "waiting: cutover");

        assertThat(number(postgres.database(), "select count(*) from runbook.range where finished_at is not null"))
                .isGreaterThanOrEqualTo(RANGES);
        assertThat(number(postgres.database(), "select count(*) from runbook.range where batches > 0"))
                .isGreaterThanOrEqualTo(RANGES);
        int copy = run.view().history(run.workflow() + "/backfill").getEventsCount();
        int all = run.view().history(run.workflow()).getEventsCount();
        System.out.printf("%d ranges: %d events in the backfill, %d in the run%n", RANGES, copy, all);
        assertThat(copy + all).isLessThanOrEqualTo(500);
    }

    @Test
    @Timeout(180)
    void what_people_tune_is_in_force_and_what_was_refused_is_copied_after_its_repair() throws Exception {
        run.started(run.input("gates", List.of("backfill", "drop")));
        run.view().await(run.workflow(), "waiting: backfill");
        execute(
                postgres.database(),
                Role.RUNBOOK,
                "alter table individual_process_status.individual_process_statuses"
                        + " add constraint no_room check (individual_process_id % 1000 <> 0)");
        String tuned = run.update("tune", Map.of("batchMillis", 20, "workers", 1, "for", "PT1H", "requestedBy", "dana"))
                .all();
        assertThat(tuned).contains("Batches run for PT1H so: batches of 20 ms, 1 worker.");
        run.approve("backfill");
        run.view().await(run.workflow(), "parked: validation");

        JsonNode status = run.view().status(run.workflow());
        assertThat(status.path("tuning").path("batchMillis").asInt()).isEqualTo(20);
        assertThat(status.path("backfill").path("quarantined").asInt()).isPositive();
        assertThat(number(postgres.database(), "select count(*) from runbook.range where batch_why like '%as tuned%'"))
                .isPositive();
        assertThat(run.update("tune", Map.of("workers", 2, "requestedBy", "dana"))
                        .all())
                .contains("Too late: the backfill is over.");

        execute(
                postgres.database(),
                Role.RUNBOOK,
                "alter table individual_process_status.individual_process_statuses drop constraint no_room");
        assertThat(run.update("requeue", Map.of("requestedBy", "dana", "reason", "made room"))
                        .all())
                .contains("0 are in quarantine. The phase runs again.");
        run.view().await(run.workflow(), "completed");

        assertThat(number(postgres.database(), "select count(*) from runbook.quarantine where released_at is null"))
                .isZero();
        assertThat(number(
                        postgres.database(),
                        "select count(*) from runbook.audit where act in ('tune', 'requeue') and who = 'dana'"))
                .isEqualTo(2);
    }
}
