package runbook.workflow;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import runbook.message.Outcome;

/**
 * Records the histories that {@link ReplayTest} replays. Until the first release it is run in the commit that changes
 * the workflow: {@code mvn test -Dtest=HistoryRecorder}. After it, an old history stays as it is.
 */
class HistoryRecorder {

    private static final Map<String, Object> QUORUM =
            Map.of("gate", "schema", "quorum", 2, "expires", "PT24H", "window", "00:00-24:00 UTC");

    private static final Map<String, Object> WAIT = Map.of("remind", "PT30M");

    private static final Path FOLDER = Path.of("src/test/resources/histories");

    @Test
    void a_whole_run() throws Exception {
        try (Rig rig = new Rig()) {
            rig.start(Rig.input("trial", "4711", "policies", List.of(QUORUM), "waits", List.of(WAIT)))
                    .gate("schema");
            rig.signal("aprove", "requestedBy", "bob").ignored("aprove");
            rig.update("tune", "batchMillis", 50, "requestedBy", "bob");
            rig.update("tune", "workers", 2, "for", "PT30M", "requestedBy", "bob");
            rig.signal("approve", "gate", "schema", "evidence", "deadbeef", "approver", "alice");
            rig.update("pause", "requestedBy", "bob");
            rig.update("resume", "requestedBy", "bob");
            rig.update("repair", "check", "c", "repair", "dedupe", "dryRun", false, "requestedBy", "bob");
            rig.target.fault("validate", "failed");
            Map<String, Object> approval = rig.approval("schema");
            rig.run().update("approve", String.class, approval);
            rig.update("withdraw", "gate", "schema", "approver", "alice");
            rig.run().update("approve", String.class, approval);
            approval.put("approver", "bob");
            rig.run().update("approve", String.class, approval);
            rig.reaches("validation", "parked").signal("retry", "requestedBy", "bob");
            rig.gate("cutover");
            rig.update("requeue", "requestedBy", "bob");
            rig.target.readings(2);
            rig.approve("cutover").calls("flip 0");
            rig.update("hold", "stage", "writers", "requestedBy", "bob");
            rig.sleep(Duration.ofMinutes(11)).reaches("cutover", "held");
            rig.update("rollback", "stage", "readers", "requestedBy", "bob");
            rig.update("advance", "stage", "readers", "requestedBy", "bob");
            rig.update("advance", "stage", "writers", "requestedBy", "bob");
            rig.sleep(Duration.ofMinutes(11)).reaches("soak", "running");
            rig.sleep(Duration.ofHours(1)).approve("cleanup").reaches("cleanup", "running");
            rig.sleep(Duration.ofHours(3)).approve("drop");
            expect(rig.outcome(), Outcome.COMPLETED);

            record(rig, "whole-run");
        }
    }

    @Test
    void a_run_that_was_rolled_back_in_the_soak() throws Exception {
        try (Rig rig = new Rig()) {
            rig.target.bake(Duration.ZERO);
            rig.start(Rig.input(
                    "gates",
                    List.of("drop"),
                    "soak",
                    "P14D",
                    "revalidate",
                    "P1D",
                    "windows",
                    List.of("00:00-24:00 UTC")));
            rig.reaches("soak", "running").sleep(Duration.ofDays(3));
            rig.target.fault("undo", "failed");
            rig.signal("rollback", "requestedBy", "bob").reaches("rollback", "parked");
            rig.update("retry", "requestedBy", "bob");
            expect(rig.outcome(), Outcome.ROLLED_BACK);

            record(rig, "rolled-back");
        }
    }

    @Test
    void a_run_that_was_aborted_in_the_copy() throws Exception {
        try (Rig rig = new Rig()) {
            rig.target.slots(2);
            rig.target.hold("copy 0.1");
            rig.start(Rig.input("gates", List.of("drop"))).calls("copy 0.1");
            rig.signal("abort", "requestedBy", "bob");
            expect(rig.outcome(), Outcome.ABORTED);

            record(rig, "aborted");
        }
    }

    @Test
    void a_soak_of_three_weeks() throws Exception {
        try (Rig rig = new Rig()) {
            SoakTest.reachesTheSoak(rig, "P1D");
            SoakTest.endsAfterTheSoak(rig);

            record(rig, "three-weeks");
        }
    }

    private static void expect(Outcome found, Outcome expected) {
        if (found != expected) {
            throw new IllegalStateException("not recorded: the run ended as " + found + " instead of " + expected);
        }
    }

    /** The run and, of each of its children, the last run. */
    private static void record(Rig rig, String name) throws Exception {
        Path folder = Files.createDirectories(FOLDER.resolve(name));
        write(rig.past(), folder.resolve("Migration.json"));
        for (HistoryEvent event : rig.past().events()) {
            if (event.getEventType() == EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED) {
                var child = event.getStartChildWorkflowExecutionInitiatedEventAttributes();
                String type = child.getWorkflowType().getName();
                write(rig.past().of(child.getWorkflowId()), folder.resolve(type.toLowerCase(Locale.ROOT) + ".json"));
            }
        }
    }

    private static void write(Past past, Path file) throws Exception {
        Files.writeString(file, past.json() + "\n");
    }
}
