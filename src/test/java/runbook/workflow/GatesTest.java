package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.OwnThread;

class GatesTest {

    private static final String RENEWAL =
            " To prove it anew: temporal workflow update execute -w individual_process_status --name retry --input"
                    + " '{\"requestedBy\":\"YOU\",\"reason\":\"WHY\"}'";

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private String evidence(String gate) throws Exception {
        return rig.gate(gate).evidence().substring(0, 8);
    }

    @Test
    void an_update_passes_the_gate_and_says_so() throws Exception {
        rig.start(Rig.input());

        String answer = rig.update("approve", "gate", "schema", "evidence", evidence("schema"), "approver", " Alice ");

        assertThat(answer).isEqualTo("The gate schema is passed.");
        assertThat(rig.gate("cutover").approvals()).isEmpty();
        assertThat(rig.report().approvals()).singleElement().satisfies(approval -> {
            assertThat(approval.approver()).isEqualTo("Alice");
            assertThat(approval.event()).isPositive();
        });
    }

    @Test
    void the_whole_hash_may_be_quoted() throws Exception {
        rig.start(Rig.input());

        rig.update("approve", "gate", "schema", "evidence", rig.gate("schema").evidence(), "approver", "alice");

        rig.gate("cutover");
    }

    @Test
    void other_evidence_changes_nothing() throws Exception {
        rig.start(Rig.input()).gate("schema");

        rig.signal("approve", "gate", "schema", "evidence", "deadbeef", "approver", "alice");

        assertThat(rig.ignored("approve")).satisfies(message -> {
            assertThat(message.event()).isPositive();
            assertThat(message.reason()).startsWith("Not the evidence of now, which is " + evidence("schema"));
        });
        assertThat(rig.status().state()).isEqualTo("waiting");
        assertThat(rig.details()).contains("event ", "approve: Not the evidence");
    }

    @Test
    void evidence_is_quoted_in_at_least_eight_characters() throws Exception {
        rig.start(Rig.input());

        String answer = rig.refusal(
                "approve", "gate", "schema", "evidence", evidence("schema").substring(1), "approver", "alice");

        assertThat(answer).isEqualTo("'evidence': expected 8 to 64 characters of 0-9 and a-f, as the gate shows them.");
    }

    @Test
    void a_changed_decision_voids_an_approval() throws Exception {
        rig.start(Rig.input());
        String old = evidence("schema");
        rig.target.changeDecision();

        rig.signal("approve", "gate", "schema", "evidence", old, "approver", "alice");

        assertThat(rig.ignored("approve").reason()).startsWith("Not the evidence of now");
        assertThat(evidence("schema")).isNotEqualTo(old);
        rig.approve("schema").gate("cutover");
    }

    @Test
    void what_blocks_is_told_and_nothing_passes() throws Exception {
        rig.target.block("The newest validation is 3 days old. Send 'retry'.");
        rig.start(Rig.input());

        String answer = rig.refusal("approve", "gate", "schema", "evidence", evidence("schema"), "approver", "alice");

        assertThat(answer)
                .isEqualTo(
                        "The gate cannot be passed now. The newest validation is 3 days old. Send 'retry'." + RENEWAL);
        assertThat(rig.status().problems()).containsExactly("The newest validation is 3 days old. Send 'retry'.");
        rig.target.block();
        assertThat(rig.update("retry", "requestedBy", "bob")).endsWith("look at the evidence again.");
        rig.approve("schema").gate("cutover");
    }

    @Test
    void what_has_come_to_block_since_is_found_at_the_moment_of_approval() throws Exception {
        rig.start(Rig.input());
        String shown = evidence("schema");
        rig.target.block("The newest validation is 25 h old.");

        assertThat(rig.refusal("approve", "gate", "schema", "evidence", shown, "approver", "alice"))
                .isEqualTo("The gate cannot be passed now. The newest validation is 25 h old." + RENEWAL);

        assertThat(rig.target.calls).doesNotContain("keep schema");
    }

    @Test
    void the_requester_may_not_approve() throws Exception {
        rig.start(Rig.input());

        rig.signal("approve", "gate", "schema", "evidence", evidence("schema"), "approver", " CAROL ");

        assertThat(rig.ignored("approve").reason()).startsWith("The requester may not approve");
    }

    @Test
    void the_requester_may_not_approve_under_another_name() throws Exception {
        rig.start(Rig.input("requestedBy", "Alice"));

        rig.signal("approve", "gate", "schema", "evidence", evidence("schema"), "approver", "bob");

        assertThat(rig.ignored("approve").reason()).isEqualTo("It was sent by the requester, who may not approve.");
        assertThat(rig.target.calls).contains("audit refuse approval").doesNotContain("keep schema");
        assertThat(rig.status().state()).isEqualTo("waiting");
    }

    @Test
    void one_identity_that_starts_and_approves_is_shown_as_a_warning() throws Exception {
        rig.start(Rig.input()).approve("schema").gate("cutover");
        assertThat(rig.target.calls).containsSubsequence("attest schema", "keep schema");
        assertThat(rig.report().approvals()).singleElement().satisfies(approval -> assertThat(approval.sameIdentity())
                .isTrue());
        assertThat(rig.status().warnings())
                .containsExactly("The gate schema was approved by alice with the identity that started the run:"
                        + " one person may have done both.");
        assertThat(rig.details()).contains("**To be weighed**", "The gate schema was approved by alice");

        rig.approveAs("bob@laptop", "cutover").reaches("cutover", "running");

        assertThat(rig.status().warnings()).hasSize(1);
    }

    @Test
    void where_identities_are_compared_one_may_not_start_and_approve() throws Exception {
        rig.start(Rig.input("policies", List.of(Map.of("identity", "history")))).approve("schema");
        assertThat(rig.ignored("approve").reason())
                .isEqualTo("It was sent by the identity that started the run; this gate asks for another one.");

        rig.approveAs("", "schema");
        Eventually.holds(
                "both are ignored",
                Duration.ofSeconds(20),
                () -> rig.status().ignored().size() == 2);
        assertThat(rig.ignored("approve").reason())
                .isEqualTo(
                        "It came without an identity, and this gate goes by it: send it with temporal and --identity.");

        assertThat(rig.target.calls).doesNotContain("keep schema");
        assertThat(rig.target.count("audit refuse approval")).isEqualTo(2);
        rig.approveAs("bob", "schema").gate("cutover");
        assertThat(rig.status().warnings()).isEmpty();
    }

    @Test
    void an_approval_without_a_name_is_refused() throws Exception {
        rig.start(Rig.input());

        for (String nobody : List.of("", " \t ", "\u00a0", "\u200b")) {
            assertThat(rig.refusal("approve", "gate", "schema", "evidence", evidence("schema"), "approver", nobody))
                    .isEqualTo("'approver' is blank");
        }
        assertThat(rig.refusal(
                        "approve", "gate", "schema", "evidence", evidence("schema"), "approver", "\u00a0Carol\u200b"))
                .startsWith("The requester may not approve");
    }

    @Test
    void only_listed_approvers_count() throws Exception {
        rig.start(Rig.input("policies", List.of(Map.of("approvers", List.of("alice", "bob")))));

        String answer = rig.refusal("approve", "gate", "schema", "evidence", evidence("schema"), "approver", "mallory");

        assertThat(answer).isEqualTo("'mallory' is not among the approvers: alice, bob");
        rig.approve("schema").gate("cutover");
    }

    @Test
    void an_early_approval_is_kept_shown_and_judged_when_its_gate_opens() throws Exception {
        rig.start(Rig.input()).gate("schema");

        assertThat(rig.update("approve", "gate", "cutover", "evidence", "0123456789ab", "approver", "alice"))
                .startsWith("Kept: the gate cutover is not open yet");
        assertThat(rig.report().kept()).containsExactly("approve cutover by alice");
        assertThat(rig.details()).contains("approve cutover by alice");
        rig.signal("approve", "gate", "cutover", "evidence", "0123456789ab", "approver", "alice");
        assertThat(rig.ignored("approve").reason()).isEqualTo("Twice the same: it is kept already.");
        rig.approve("schema").gate("cutover");

        assertThat(rig.ignored("approve").reason()).startsWith("Not the evidence of now");
        assertThat(rig.report().kept()).isEmpty();
    }

    @Test
    void a_late_approval_changes_nothing() throws Exception {
        rig.start(Rig.input());
        Map<String, Object> approval = rig.approval("schema");
        rig.approve("schema").gate("cutover");

        rig.run().signal("approve", approval);

        assertThat(rig.ignored("approve").reason()).isEqualTo("Too late: the gate schema is passed.");
    }

    @Test
    void an_approval_sent_twice_counts_once() throws Exception {
        rig.target.hold("expand");
        rig.start(Rig.input());
        Map<String, Object> approval = rig.approval("schema");

        rig.run().signal("approve", approval);
        rig.run().signal("approve", approval);

        assertThat(rig.ignored("approve").reason()).isEqualTo("Too late: the gate schema is passed.");
        assertThat(rig.target.count("attest schema")).isEqualTo(1);
    }

    @Test
    void unknown_gates_and_gates_nobody_is_asked_at_are_told() throws Exception {
        rig.start(Rig.input()).gate("schema");

        assertThat(rig.refusal("approve", "gate", "scheme", "evidence", "0123456789ab", "approver", "alice"))
                .isEqualTo("Unknown gate 'scheme'; gates of this run: schema, cutover, cleanup, drop");
        assertThat(rig.refusal("approve", "gate", "backfill", "evidence", "0123456789ab", "approver", "alice"))
                .startsWith("This run does not ask at the gate backfill");
    }

    @Test
    void evidence_that_cannot_be_gathered_parks_the_run() throws Exception {
        rig.target.fault("evidence schema", "The target does not answer.");
        rig.start(Rig.input());

        rig.reaches("schema", "parked");
        assertThat(rig.status().problems())
                .containsExactly("The evidence could not be gathered. The target does not answer.");
        rig.signal("retry", "requestedBy", "bob");
        rig.approve("schema").gate("cutover");
    }

    @Test
    void nobody_can_approve_while_a_repair_is_under_way() throws Exception {
        rig.start(Rig.input());
        String before = evidence("schema");
        rig.target.hold("repair dedupe");
        CompletableFuture<String> repair = CompletableFuture.supplyAsync(
                () -> rig.update("repair", "check", "c", "repair", "dedupe", "dryRun", false, "requestedBy", "bob"),
                OwnThread.EACH);
        rig.calls("repair dedupe");

        assertThat(rig.refusal("approve", "gate", "schema", "evidence", before, "approver", "alice"))
                .startsWith("Something that was asked for is still being done");

        rig.target.release("repair dedupe");
        assertThat(repair.join())
                .isEqualTo("Changed 3 rows of 3 keys; truth: legacy wins. The checks ran again; look at the evidence.");
        rig.approve("schema").gate("cutover");
        assertThat(rig.target.calls).containsSubsequence("repair dedupe", "assess", "evidence schema", "expand");
    }

    @Test
    void an_approval_that_cannot_be_attested_is_not_counted() throws Exception {
        rig.start(Rig.input());
        rig.target.fault("attest schema", "The event is not in the history.");

        assertThat(rig.refusal("approve", "gate", "schema", "evidence", evidence("schema"), "approver", "alice"))
                .isEqualTo("It was not carried out. The event is not in the history. Send it again.");
        rig.sleep(Duration.ofSeconds(1)).approve("schema").gate("cutover");
    }
}
