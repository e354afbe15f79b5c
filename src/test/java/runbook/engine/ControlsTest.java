package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.testing.TestActivityEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.activity.PhaseActivitiesImpl;
import runbook.message.Control;
import runbook.message.Limits;
import runbook.message.PhaseRequest;
import runbook.message.Progress;
import runbook.message.RequeueReport;
import runbook.message.RequeueRequest;
import runbook.message.StatusBackfill;
import runbook.message.Tune;
import runbook.message.Tuning;
import runbook.workflow.PhaseActivities;

/** A copy does what it is told while it runs. */
class ControlsTest extends OneCopy {

    private PhaseRequest request;

    ControlsTest() {
        super(30_000);
    }

    @BeforeEach
    void open() {
        rig.sql("alter table copying.target add check (k1 not in (77, 20001))");
        request = rig.begin(insert, Map.of());
    }

    private void tune(Tuning tuning, String once) {
        Controls.tune(rig.target, new Tune(request.run(), tuning, null, "dana", "peak", once));
    }

    @Test
    void a_slot_too_many_gives_its_range_back_and_another_takes_it() throws Exception {
        Queue<Object> beats = new ConcurrentLinkedQueue<>();
        Pulse stepsAside = detail -> {
            beats.add(detail);
            if (beats.size() == 3) {
                tune(new Tuning(0, 1, 0, Limits.USUAL), "tune/1");
            }
        };
        Thread second = new Thread(() -> new Copier(rig.target, request, insert, stepsAside).copy(1, "slot 1"));
        second.start();
        Eventually.holds(
                "there is one worker too many",
                Duration.ofSeconds(30),
                () -> rig.number("select count(*) from runbook.audit where act = 'tune'") == 1);

        new Copier(rig.target, request, insert, Pulse.NONE).copy(0, "slot 0");
        second.join();

        assertThat(beats).anyMatch(beat -> beat.toString().contains("tune with more workers"));
        assertThat(rig.rows("select distinct owner_token from runbook.range where finished_at > (select at from"
                                + " runbook.audit where act = 'tune')")
                        .getValues(0, String.class))
                .containsOnly("slot 0");
        assertThat(rig.number("select sum(scanned) from runbook.range")).isEqualTo(30_000);
        assertThat(rig.differences()).isEqualTo(2);
    }

    @Test
    void batches_are_steered_to_the_time_asked_for_and_rest() {
        tune(new Tuning(10, 0, 0.5, Limits.USUAL), "tune/1");
        Queue<Object> beats = new ConcurrentLinkedQueue<>();

        new Copier(rig.target, request, insert, beats::add).copy(0, "slot 0");

        assertThat(rig.rows("select batch_why from runbook.range where batches > 0")
                        .getValues(0, String.class))
                .isNotEmpty()
                .allMatch(why -> why.contains("10 ms, as tuned"));
        assertThat(beats).anyMatch(beat -> beat.toString().contains("rests=0.5 times its batch, as tuned"));
        assertThat(rig.rows("select detail ->> 'batches' from runbook.audit where act = 'tune'")
                        .getValues(0))
                .isEqualTo(List.of("batches of 10 ms, a rest of 0.5 times each batch"));
    }

    @Test
    void a_long_rest_ends_when_the_tuning_does() throws Exception {
        tune(new Tuning(5_000, 0, 100, Limits.USUAL), "tune/1");
        Thread slot = new Thread(() -> new Copier(rig.target, request, insert, detail -> {
                    if (detail.toString().contains("rests")) {
                        tune(Tuning.NONE, "tune/2");
                    }
                })
                .copy(0, "slot 0"));
        slot.start();
        slot.join();

        assertThat(rig.number("select count(*) from runbook.audit where act = 'tune'"))
                .isEqualTo(2);
        assertThat(rig.number("select sum(scanned) from runbook.range")).isEqualTo(30_000);
    }

    @Test
    void rows_that_were_refused_are_tried_again_and_counted_once() {
        rig.copy(request, insert, 2);
        assertThat(rig.number("select count(*) from runbook.quarantine where released_at is null"))
                .isEqualTo(2);
        rig.sql("alter table copying.target drop constraint target_k1_check, add check (k1 <> 77)");
        RequeueRequest requeue = new RequeueRequest(request, "dana", "corrected", "requeue/7");

        RequeueReport report =
                Requeue.requeue(rig.target, requeue, new Copying(List.of(insert)), "requeue", Pulse.NONE);

        assertThat(report).isEqualTo(new RequeueReport(2, 1));
        assertThat(report.words()).isEqualTo("2 rows were tried again, 1 is in quarantine.");
        assertThat(Requeue.requeue(rig.target, requeue, new Copying(List.of(insert)), "again", Pulse.NONE))
                .as("an attempt whose answer was lost")
                .isEqualTo(report);
        assertThat(rig.number("select count(*) from runbook.audit where act = 'requeue'"))
                .isEqualTo(1);
        assertThat(rig.number("select sum(scanned) from runbook.range")).isEqualTo(30_000);
        assertThat(rig.number("select sum(quarantined) from runbook.range")).isEqualTo(1);
        assertThat(rig.differences()).isEqualTo(1);
    }

    @Test
    void what_stands_still_has_no_rate() {
        rig.sql("update runbook.range set owner_slot = 0, batches = 1, units_per_second = 500 where number = 1");
        assertThat(progress().rowsPerSecond()).isEqualTo(500);
        assertThat(progress().remaining()).matches("[0-9]+ to [0-9]+ s");

        rig.sql("update runbook.range set changed_at = changed_at - interval '16 s'");
        assertThat(progress().rowsPerSecond()).isZero();
        assertThat(progress().remaining()).isEqualTo("measuring");

        Controls.control(rig.target, new Control(request.run(), "pause", "dana", "peak", "pause/1"));
        assertThat(StatusBackfill.of(progress()).outlook()).isEqualTo("paused");
    }

    private Progress progress() {
        return Backfills.progress(rig.target, request.run(), new Copying(List.of(insert)));
    }

    @Test
    void a_tuning_in_force_before_the_copy_gets_its_slots() {
        assertThat(opened()).isLessThan(20);

        tune(new Tuning(0, 20, 0, Limits.USUAL), "tune/1");
        assertThat(opened()).isEqualTo(20);

        tune(new Tuning(0, 1, 0, Limits.USUAL), "tune/2");
        assertThat(opened()).as("slots for the end of the tuning").isPositive();
    }

    /** How many slots each copy gets. */
    private int opened() {
        TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
        try {
            Catalog catalog = new Catalog(List.of(new Copying(List.of(insert))));
            temporal.registerActivitiesImplementations(new PhaseActivitiesImpl(catalog, rig.targets));
            return temporal.newActivityStub(PhaseActivities.class)
                    .openBackfill(request)
                    .get(0)
                    .slots();
        } finally {
            temporal.close();
        }
    }

    @Test
    void a_former_owner_neither_tunes_nor_requeues() {
        rig.sql("update runbook.migration_run set epoch = epoch + 1");

        assertThatThrownBy(() -> tune(new Tuning(10, 0, 0, Limits.USUAL), "late"))
                .isInstanceOf(RunbookException.Fenced.class);
        assertThatThrownBy(() -> Requeue.requeue(
                        rig.target,
                        new RequeueRequest(request, "dana", "", "late"),
                        new Copying(List.of(insert)),
                        "late",
                        Pulse.NONE))
                .isInstanceOf(RunbookException.Fenced.class);
        assertThat(rig.number("select count(*) from runbook.audit where once like '%late%'"))
                .isZero();
    }
}
