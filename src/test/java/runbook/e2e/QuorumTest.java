package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.e2e.NewShape.number;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gate that takes two people, told apart by what the history knows of them and not by what they type. */
class QuorumTest extends OneRun {

    private static final Map<String, Object> POLICY = Map.of(
            "gate", "schema",
            "approvers", List.of("alice", "bob", "eve"),
            "quorum", 2,
            "identity", "history",
            "reason", "required",
            "expires", "PT24H");

    @Test
    @Timeout(120)
    void a_gate_waits_for_two_people_and_forgets_who_took_it_back() throws Exception {
        run.started(run.input("gates", List.of("schema", "drop"), "policies", List.of(POLICY)));
        run.view().await(run.workflow(), "waiting: schema");

        assertThat(says("alice", "approve", "alice", ""))
                .contains("'comment' is missing: this gate asks for a reason.");
        assertThat(says("alice", "approve", "alice", "read it"))
                .contains("1 of 2 approvals count; the gate schema waits.");
        assertThat(says("mallory", "approve", "bob", "read it")).contains("'mallory' is not among the approvers");
        assertThat(says("alice", "approve", "bob", "read it"))
                .contains("'alice' has approved this already, and counts once.");
        assertThat(says("bob", "withdraw", "alice", "no")).contains("Nothing to withdraw: 'bob' has given no such");
        assertThat(says("alice", "withdraw", "alice", "second thoughts")).contains("0 of 2 approvals count");
        assertThat(says("eve", "approve", "eve", "read it")).contains("1 of 2 approvals count");
        assertThat(says("bob", "approve", "bob", "read it")).contains("The gate schema is passed.");

        run.view().await(run.workflow(), "completed");
        assertThat(run.temporal().query(run.workflow(), "report").path("approvals"))
                .extracting(approval -> approval.path("person").asText() + " "
                        + approval.path("validity").asText())
                .containsExactly("alice WITHDRAWN", "eve COUNTS", "bob COUNTS");
        assertThat(kept("person = identity and expires_at = approved_at + interval '24 h'"))
                .isEqualTo(3);
        assertThat(kept("approver = 'alice' and validity = 'withdrawn'")).isEqualTo(1);
        assertThat(kept("approver in ('bob', 'eve') and validity = 'counts'")).isEqualTo(2);
    }

    private long kept(String which) throws Exception {
        return number(postgres.database(), "select count(*) from runbook.approval where " + which);
    }

    private String says(String identity, String verb, String approver, String comment) {
        JsonNode gate = run.view().status(run.workflow()).path("gate");
        return run.temporal()
                .run(
                        "workflow",
                        "update",
                        "execute",
                        "-w",
                        run.workflow(),
                        "--name",
                        verb,
                        "--identity",
                        identity,
                        "--input",
                        "{\"gate\":\"schema\",\"evidence\":\"%s\",\"approver\":\"%s\",\"comment\":\"%s\"}"
                                .formatted(gate.path("evidence").asText().substring(0, 8), approver, comment))
                .all();
    }
}
