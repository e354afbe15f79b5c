package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import runbook.engine.Catalog;
import runbook.engine.Targets;
import runbook.engine.account.Reversibility;
import runbook.migrations.Bundled;

/** Messages that change nothing: each is shown with its reason, and the run takes the good one after it. */
class BadMessageTest extends OneRun {

    private static final String FIELDS =
            "'gate': expected a text, found a number; 'evidence' is missing; 'approver' is missing;"
                    + " unknown field 'gates'; known fields: gate, evidence, approver, comment";
    private static final String EXPECTED = "expected one JSON object with gate, evidence, approver; found ";
    private static final String KNOWN =
            "; known: approve, reject, withdraw, pause, resume, abort, rollback, retry, repair, trial, tune, requeue,"
                    + " advance, hold";

    @Test
    @Timeout(120)
    void what_cannot_be_read_changes_nothing() throws Exception {
        waitsAt("schema", run.input("gates", List.of("schema", "drop")));
        JsonNode gate = run.view().status(run.workflow()).path("gate");

        run.view().signal(run.workflow(), "approve", "json/plain", "{\"gate\": \"schema\", ");
        run.view().signal(run.workflow(), "approve", "binary/unheard-of", "{}");
        run.temporal().run("workflow", "signal", "-w", run.workflow(), "--name", "approve");
        run.signal("approve", List.of("schema"));
        run.signal("approve", Map.of("gate", 7, "gates", "schema"));
        run.signal("aprove", Map.of("gate", "schema"));
        run.signal("advance", Map.of("gate", "schema"));

        run.ignores(
                "approve", EXPECTED + "something that is not JSON",
                "approve", EXPECTED + "something that is not JSON",
                "approve", EXPECTED + "no input",
                "approve", EXPECTED + "a list",
                "approve", FIELDS,
                "aprove", "unknown message 'aprove'" + KNOWN,
                "advance",
                        "'stage' is missing; 'requestedBy' is missing; unknown field 'gate'; known fields: stage,"
                                + " requestedBy, reason");
        assertThat(run.update("approve", Map.of("gate", 7, "gates", "schema")).err())
                .contains(FIELDS);
        assertThat(run.update("advance", Map.of()).code()).isEqualTo(1);
        assertThat(run.view().status(run.workflow()).path("gate")).isEqualTo(gate);
        run.approve("schema");
        run.view().await(run.workflow(), "completed");
    }

    @Test
    @Timeout(120)
    void an_approval_that_does_not_count_is_told_why() throws Exception {
        waitsAt(
                "schema",
                run.input(
                        "gates",
                        List.of("schema", "drop"),
                        "policies",
                        List.of(Map.of("approvers", List.of("alice", "dana")))));
        String evidence = evidence();
        String wrong = evidence.startsWith("00000000") ? "11111111" : "00000000";

        run.signal("approve", approval("deploy", evidence, "alice"));
        run.signal("approve", approval("cutover", evidence, "alice"));
        run.signal("approve", approval("schema", wrong, "alice"));
        run.signal("approve", approval("schema", "1234", "alice"));
        run.signal("approve", approval("schema", evidence, "Dana "));
        run.signal("approve", approval("schema", evidence, "mallory"));
        run.temporal()
                .run(
                        "workflow",
                        "signal",
                        "-w",
                        run.workflow(),
                        "--name",
                        "approve",
                        "--identity",
                        "dana",
                        "--input",
                        "{\"gate\":\"schema\",\"evidence\":\"%s\",\"approver\":\"alice\"}".formatted(evidence));

        run.ignores(
                "approve", "Unknown gate 'deploy'; gates of this run: schema, drop",
                "approve", "This run does not ask at the gate cutover; gates of this run: schema, drop",
                "approve", "Not the evidence of now, which is " + evidence + ": look again.",
                "approve", "'evidence': expected 8 to 64 characters of 0-9 and a-f, as the gate shows them.",
                "approve", "The requester may not approve: a second pair of eyes is asked for.",
                "approve", "'mallory' is not among the approvers: alice, dana",
                "approve", "It was sent by the requester, who may not approve.");
        assertThat(run.update("approve", approval("schema", wrong, "alice")).err())
                .contains("Not the evidence of now, which is " + evidence + ": look again.");
        assertThat(run.view().state(run.workflow())).isEqualTo("waiting: schema");
        run.approve("schema");
        run.view().await(run.workflow(), "completed");
    }

    @Test
    @Timeout(120)
    void what_comes_twice_too_early_or_too_late_is_told_so() throws Exception {
        waitsAt("schema", run.input("gates", List.of("schema", "cleanup", "drop"), "drop", true));
        run.signal("approve", approval("cleanup", "00000000", "alice"));
        run.signal("approve", approval("cleanup", "00000000", "alice"));
        run.signal("resume", Map.of("requestedBy", "alice"));
        run.approve("schema");
        run.signal("approve", approval("schema", "00000000", "alice"));
        run.view().await(run.workflow(), "waiting: cleanup");
        run.signal("trial", Map.of("key", 8, "requestedBy", "alice"));
        String cleanup = evidence();
        run.approve("cleanup");
        run.view().await(run.workflow(), "waiting: drop");
        run.signal("rollback", Map.of("requestedBy", "alice"));

        run.ignores(
                "approve", "Twice the same: it is kept already.",
                "resume", "The run is not paused.",
                "approve", "Too late: the gate schema is passed.",
                "approve", "Not the evidence of now, which is " + cleanup + ": look again.",
                "trial", "Too late: the backfill has begun, and brings every row over.",
                "rollback",
                        "Too late: the clean-up has been approved. Possible: reject at the gate drop, or 'temporal workflow"
                                + " cancel', and the retired objects stay. Then './runbook unarchive individual_process_status"
                                + " --target "
                                + postgres.target() + "' brings them back, and counts first what that loses.");
        run.approve("drop");
        run.view().await(run.workflow(), "completed");
        for (String verb : List.of("approve", "rollback")) {
            TemporalCli.Printed late = run.temporal().signal(run.workflow(), verb, "{}");
            assertThat(late.code()).isEqualTo(1);
            assertThat(late.err()).contains("workflow execution already completed");
        }
        stillPossible();
    }

    /** Temporal says no for a run that is over; what can be done instead, the database knows. */
    private void stillPossible() {
        try (Targets targets = new Targets()) {
            Reversibility told = Reversibility.of(
                    targets.named(postgres.target()), RunFixture.MIGRATION, new Catalog(Bundled.migrations()), false);
            assertThat(told.stage()).isEqualTo(Reversibility.Stage.DROPPED);
            assertThat(told.command())
                    .startsWith("./runbook restore ")
                    .endsWith(" --target " + postgres.target() + " --dry-run");
        }
    }

    private void waitsAt(String gate, Map<String, Object> input) throws Exception {
        run.started(input);
        run.view().await(run.workflow(), "waiting: " + gate);
    }

    private String evidence() {
        return run.view()
                .status(run.workflow())
                .path("gate")
                .path("evidence")
                .asText()
                .substring(0, 8);
    }

    private static Map<String, Object> approval(String gate, String evidence, String approver) {
        return Map.of("gate", gate, "evidence", evidence, "approver", approver);
    }
}
