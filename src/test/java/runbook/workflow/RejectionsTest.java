package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import runbook.message.Outcome;

/** A no at a gate takes the run back, or leaves what is retired. */
class RejectionsTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void a_rejection_brings_the_old_shape_back() throws Exception {
        rig.start(Rig.input());

        String answer = rig.update(
                "reject", "gate", "schema", "evidence", evidence("schema"), "approver", "bob", "comment", "not today");

        assertThat(answer).isEqualTo("The run goes back: the old shape returns, then the run ends as rejected.");
        assertThat(rig.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(rig.target.calls).containsSubsequence("audit reject", "flipBack", "undo", "end rejected");
        assertThat(rig.target.audit).containsValue("reject schema by bob");
        assertThat(rig.searchAttribute()).isEqualTo("rejected");
        assertThat(rig.details()).startsWith("### Rejected: the old shape is back");
    }

    @Test
    void what_was_kept_behind_an_early_rejection_is_shown_as_too_late() throws Exception {
        rig.start(Rig.input()).gate("schema");
        String run = rig.run().getExecution().getRunId();
        String early = "%08x".formatted(("cutover/0/" + run).hashCode());
        rig.signal("reject", "gate", "cutover", "evidence", early, "approver", "bob");
        rig.signal("approve", "gate", "cutover", "evidence", early, "approver", "alice");

        rig.approve("schema");

        assertThat(rig.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(rig.ignored("approve").reason()).startsWith("Too late: The run goes back");
    }

    @Test
    void the_requester_may_reject() throws Exception {
        rig.start(Rig.input("policies", List.of(Map.of("approvers", List.of("alice")))));

        rig.signal("reject", "gate", "schema", "evidence", evidence("schema"), "approver", "carol");

        assertThat(rig.outcome()).isEqualTo(Outcome.REJECTED);
    }

    @Test
    void a_rejected_drop_leaves_the_objects_retired() throws Exception {
        rig.target.resume("retired");
        rig.start(Rig.input("hold", "PT0S"));

        rig.signal("reject", "gate", "drop", "evidence", evidence("drop"), "approver", "alice");

        assertThat(rig.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(rig.target.calls).doesNotContain("drop", "undo").endsWith("end completed");
        assertThat(rig.details()).startsWith("### Completed: the old objects are retired");
    }

    private String evidence(String gate) throws Exception {
        return rig.gate(gate).evidence().substring(0, 8);
    }
}
