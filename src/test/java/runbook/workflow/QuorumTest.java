package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.message.Outcome;
import runbook.message.StatusApproval;
import runbook.message.Validity;

/** What it takes to pass a gate, where the input asks for more than one approval. */
class QuorumTest {

    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("HH:00").withZone(ZoneOffset.UTC);

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private void start(Object... policy) throws Exception {
        rig.start(Rig.input("policies", List.of(Rig.body(policy)))).gate("schema");
    }

    private Object[] approval(String approver, Object... more) throws Exception {
        Map<String, Object> body = Rig.body(more);
        body.putAll(rig.approval("schema"));
        body.put("approver", approver);
        return body.entrySet().stream()
                .flatMap(field -> java.util.stream.Stream.of(field.getKey(), field.getValue()))
                .toArray();
    }

    private String approve(String approver, Object... more) throws Exception {
        return rig.update("approve", approval(approver, more));
    }

    private void approveAs(String identity, String approver) throws Exception {
        WorkflowClient.newInstance(
                        rig.temporal.getWorkflowServiceStubs(),
                        WorkflowClientOptions.newBuilder().setIdentity(identity).build())
                .newUntypedWorkflowStub(rig.id)
                .signal("approve", Rig.body(approval(approver)));
    }

    private List<Validity> worth() {
        return rig.report().approvals().stream().map(StatusApproval::validity).toList();
    }

    private void reaches(Validity... expected) throws Exception {
        Eventually.holds("the approvals are worth " + List.of(expected), Duration.ofSeconds(20), () -> worth().equals(
                        List.of(expected)));
    }

    @Test
    void a_gate_waits_for_the_role_that_is_missing_whatever_the_quorum() throws Exception {
        start(
                "gate",
                "schema",
                "quorum",
                2,
                "roles",
                List.of(
                        Map.of("role", "dba", "approvers", List.of("alice", "bob", "eve")),
                        Map.of("role", "owner", "approvers", List.of("olga"))));

        assertThat(rig.refusal("approve", approval("mallory")))
                .contains("'mallory' is not among the approvers: alice, bob, eve, olga");
        assertThat(approve("alice"))
                .isEqualTo("1 of 2 approvals count; it takes 1 of owner (olga); the gate schema waits.");
        assertThat(approve("bob")).isEqualTo("it takes 1 of owner (olga); the gate schema waits.");
        assertThat(rig.status().gate().missing()).containsExactly("it takes 1 of owner (olga)");
        assertThat(rig.details()).contains("Still missing", "it takes 1 of owner (olga)");
        assertThat(rig.target.calls).doesNotContain("expand");
        assertThat(approve("olga")).isEqualTo("The gate schema is passed.");
    }

    @Test
    void a_gate_waits_for_as_many_people_as_it_takes() throws Exception {
        start("approvers", List.of("alice", "bob", "eve"), "quorum", 2);
        assertThat(rig.gate("schema").needs()).isEqualTo(2);
        assertThat(rig.details())
                .contains("It takes 2 approvals by different people of alice, bob, eve, not by the requester carol.");

        assertThat(approve("alice")).isEqualTo("1 of 2 approvals count; the gate schema waits.");

        assertThat(rig.gate("schema").approvals()).containsExactly("alice");
        assertThat(rig.details()).contains("**Approvals so far**", "- alice, ", ": counts");
        assertThat(rig.target.calls).contains("keep schema").doesNotContain("expand");
        assertThat(approve("bob")).isEqualTo("The gate schema is passed.");
        assertThat(rig.gate("cutover").approvals()).isEmpty();
        assertThat(worth()).containsExactly(Validity.COUNTS, Validity.COUNTS);
    }

    @Test
    void one_person_under_two_spellings_counts_once() throws Exception {
        start("quorum", 2);
        approve("José");

        assertThat(rig.refusal("approve", approval(" JOSE\u0301 ")))
                .isEqualTo("'JOSE\u0301' has approved this already, and counts once.");

        assertThat(rig.gate("schema").approvals()).containsExactly("José");
        assertThat(rig.target.count("keep schema")).isEqualTo(1);
        rig.signal("approve", approval("bob")).gate("cutover");
    }

    @Test
    void two_names_with_one_identity_are_shown_as_a_warning() throws Exception {
        start("quorum", 2, "fourEyes", false);
        approve("carol");
        approve("bob");

        assertThat(rig.gate("cutover").name()).isEqualTo("cutover");
        assertThat(rig.status().warnings())
                .contains("The gate schema was approved by carol and by bob with one identity: one person may have done"
                        + " both.");
    }

    @Test
    void an_approval_that_was_taken_back_counts_no_more() throws Exception {
        start("quorum", 2);
        approve("alice");
        assertThat(rig.refusal("withdraw", "gate", "schema", "approver", "bob"))
                .isEqualTo("Nothing to withdraw: 'bob' has given no such approval here.");
        assertThat(rig.refusal("withdraw", "gate", "cutover", "approver", "alice"))
                .isEqualTo("Nothing to withdraw: the gate cutover is not open yet.");

        assertThat(rig.update("withdraw", "gate", "schema", "approver", "Alice", "comment", "second thoughts"))
                .isEqualTo("0 of 2 approvals count; the gate schema waits.");

        assertThat(worth()).containsExactly(Validity.WITHDRAWN);
        assertThat(rig.details()).contains(": withdrawn");
        assertThat(rig.target.audit).containsValue("withdraw schema by Alice");
        assertThat(approve("bob")).startsWith("1 of 2");
        assertThat(approve("alice")).isEqualTo("The gate schema is passed.");
        assertThat(worth()).containsExactly(Validity.WITHDRAWN, Validity.COUNTS, Validity.COUNTS);
        assertThat(rig.refusal("withdraw", "gate", "schema", "approver", "bob"))
                .isEqualTo("Too late: the gate schema is passed.");
        assertThat(rig.target.worth).containsExactly("withdrawn");
    }

    @Test
    void an_approval_expires_by_the_time_of_the_run() throws Exception {
        start("quorum", 2, "expires", "PT24H");
        approve("alice");
        rig.sleep(Duration.ofHours(23));
        assertThat(worth()).containsExactly(Validity.COUNTS);
        assertThat(rig.details()).contains(": counts", "until 20");

        rig.sleep(Duration.ofHours(2));

        reaches(Validity.EXPIRED);
        assertThat(rig.gate("schema").approvals()).isEmpty();
        assertThat(approve("bob")).isEqualTo("1 of 2 approvals count; the gate schema waits.");
        assertThat(approve("alice")).isEqualTo("The gate schema is passed.");
        rig.gate("cutover");
        assertThat(worth()).containsExactly(Validity.EXPIRED, Validity.COUNTS, Validity.COUNTS);
        assertThat(rig.target.worth).containsExactly("expired");
    }

    @Test
    void an_approval_of_older_evidence_is_shown_as_such() throws Exception {
        start("quorum", 2);
        approve("alice");
        rig.target.changeDecision();
        rig.update("retry", "requestedBy", "bob");

        reaches(Validity.OUTDATED);
        assertThat(approve("bob")).isEqualTo("1 of 2 approvals count; the gate schema waits.");
        assertThat(approve("alice")).isEqualTo("The gate schema is passed.");
        assertThat(worth()).containsExactly(Validity.OUTDATED, Validity.COUNTS, Validity.COUNTS);
    }

    @Test
    void one_rejection_outweighs_the_approvals() throws Exception {
        start("quorum", 2);
        approve("alice");

        rig.signal("reject", approval("bob"));

        assertThat(rig.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(worth()).containsExactly(Validity.COUNTS);
    }

    @Test
    void where_a_reason_is_asked_for_nothing_counts_without() throws Exception {
        start("reason", "required");

        assertThat(rig.refusal("approve", approval("alice")))
                .isEqualTo("'comment' is missing: this gate asks for a reason.");
        assertThat(rig.refusal("reject", approval("bob", "comment", " ")))
                .isEqualTo("'comment' is missing: this gate asks for a reason.");
        assertThat(approve("alice", "comment", "read the report")).isEqualTo("The gate schema is passed.");
    }

    @Test
    void outside_of_its_window_an_approval_is_told_when_to_come_again() throws Exception {
        Instant opens = Instant.now().plus(Duration.ofHours(3));
        String window = HOUR.format(opens) + "-" + HOUR.format(opens.plus(Duration.ofHours(2))) + " UTC";
        start("window", window);

        assertThat(rig.refusal("approve", approval("alice")))
                .startsWith("Approvals of the gate schema count " + window + ": send it again from ")
                .endsWith(HOUR.format(opens) + " UTC on.");
        assertThat(rig.target.calls).doesNotContain("keep schema");

        rig.sleep(Duration.ofHours(3));
        assertThat(approve("alice")).isEqualTo("The gate schema is passed.");
    }

    @Test
    void a_rejection_needs_no_window() throws Exception {
        Instant opens = Instant.now().plus(Duration.ofHours(3));
        start("window", HOUR.format(opens) + "-" + HOUR.format(opens.plus(Duration.ofHours(2))) + " UTC");

        rig.signal("reject", approval("alice"));

        assertThat(rig.outcome()).isEqualTo(Outcome.REJECTED);
    }

    @Test
    void where_identities_count_the_sender_must_be_among_the_approvers() throws Exception {
        start("approvers", List.of("alice", "bob", "eve"), "quorum", 2, "identity", "history", "fourEyes", false);

        approveAs("mallory", "alice");
        assertThat(rig.ignored("approve").reason()).isEqualTo("'mallory' is not among the approvers: alice, bob, eve");
        approveAs("bob", "eve");
        reaches(Validity.COUNTS);
        assertThat(rig.gate("schema").approvals()).containsExactly("bob");
        assertThat(rig.report().approvals()).singleElement().satisfies(approval -> {
            assertThat(approval.approver()).isEqualTo("eve");
            assertThat(approval.identity()).isEqualTo("bob");
        });

        approveAs("Bob", "alice");
        Eventually.holds(
                "the second is ignored",
                Duration.ofSeconds(20),
                () -> rig.status().ignored().size() == 2);
        assertThat(rig.ignored("approve").reason()).isEqualTo("'Bob' has approved this already, and counts once.");
        // Alice is who sends here: what bob gave is not hers.
        assertThat(rig.refusal("withdraw", "gate", "schema", "approver", "bob"))
                .isEqualTo("Nothing to withdraw: 'alice' has given no such approval here.");
        approveAs("eve", "nobody of the list");
        rig.gate("cutover");
    }

    @Test
    void where_principals_count_an_approval_without_one_does_not() throws Exception {
        start("identity", "principal");

        assertThat(rig.refusal("approve", approval("bob")))
                .isEqualTo("It came without a principal, and this gate goes by it: send it through a server that knows"
                        + " you.");
    }

    @Test
    void the_requester_may_approve_where_one_pair_of_eyes_is_enough() throws Exception {
        start("fourEyes", false);

        assertThat(approve("carol")).isEqualTo("The gate schema is passed.");
    }
}
