package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.RawValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runbook.message.Outcome;

class MessagesTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void every_verb_is_a_signal_and_an_update_with_a_description() throws Exception {
        rig.start(Rig.input()).gate("schema");

        Metadata metadata = Metadata.of(rig.run());

        assertThat(metadata.updates())
                .containsEntry("approve", Messages.APPROVE)
                .containsKey("begin");
        assertThat(metadata.signals())
                .containsEntry("", "(do not choose: catches unknown names)")
                .containsEntry("approve", Messages.APPROVE)
                .containsKeys("reject", "pause", "resume", "abort", "rollback", "retry", "repair", "trial");
        assertThat(metadata.signals().values())
                .allSatisfy(description -> assertThat(description).isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"approve", "reject", "pause", "resume", "abort", "rollback", "retry", "repair", "trial"})
    void no_body_at_all_changes_nothing(String verb) throws Exception {
        rig.start(Rig.input()).gate("schema");

        rig.run().signal(verb);

        assertThat(rig.ignored(verb).reason())
                .startsWith("expected one JSON object with ")
                .endsWith("; found no input");
        assertThat(rig.ignored(verb).event()).isPositive();
        assertThat(rig.status().state()).isEqualTo("waiting");
        rig.approve("schema").gate("cutover");
    }

    @Test
    void broken_json_changes_nothing_and_is_not_repeated() throws Exception {
        rig.start(Rig.input()).gate("schema");
        Payload broken = Payload.newBuilder()
                .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
                .setData(ByteString.copyFromUtf8("{\"gate\": secret"))
                .build();

        rig.run().signal("approve", new RawValue(broken));

        assertThat(rig.ignored("approve").reason())
                .isEqualTo("expected one JSON object with gate, evidence, approver; found something that is not JSON");
    }

    @Test
    void another_encoding_changes_nothing() throws Exception {
        rig.start(Rig.input()).gate("schema");

        rig.run().signal("pause", (Object) new byte[] {1, 2, 3});

        assertThat(rig.ignored("pause").reason()).endsWith("found something that is not JSON");
    }

    @Test
    void one_sentence_tells_all_that_is_wrong_with_a_body() throws Exception {
        rig.start(Rig.input()).gate("schema");

        rig.signal("repair", "check", 3, "requestedBy", " ", "dryRun", "yes", "rows", List.of());

        assertThat(rig.ignored("repair").reason())
                .isEqualTo("'check': expected a text, found a number; 'repair' is missing; 'requestedBy' is blank; "
                        + "'dryRun': expected true or false, found a text; unknown field 'rows'; known fields: check, "
                        + "repair, requestedBy, reason, dryRun");
    }

    @Test
    void an_update_with_a_bad_body_is_refused_before_it_leaves_a_trace() throws Exception {
        rig.start(Rig.input()).gate("schema");

        assertThat(rig.refusal("pause", "requestedBy", 3)).isEqualTo("'requestedBy': expected a text, found a number");

        assertThat(rig.status().ignored()).isEmpty();
        assertThat(rig.past().json()).doesNotContain("UPDATE_ACCEPTED");
    }

    @Test
    void a_refusal_has_no_stack_trace() throws Exception {
        rig.start(Rig.input()).gate("schema");

        assertThat(new Refused("No.").getStackTrace()).isEmpty();
        assertThat(rig.refusal("resume", "requestedBy", "bob")).isEqualTo("The run is not paused.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aprove", "proceed", "Approve"})
    void unknown_names_are_told(String name) throws Exception {
        rig.start(Rig.input()).gate("schema");

        rig.signal(name, "requestedBy", "bob");

        assertThat(rig.ignored(name).reason())
                .isEqualTo("unknown message '" + name
                        + "'; known: approve, reject, withdraw, pause, resume, abort, rollback, retry, repair,"
                        + " trial, tune, requeue, advance, hold");
        assertThat(rig.ignored(name).event()).isPositive();
        assertThat(rig.details()).contains(name + ": unknown");
    }

    @Test
    void messages_that_come_with_the_start_are_not_lost() throws Exception {
        rig.unstarted()
                .signalWithStart("pause", new Object[] {Rig.body("requestedBy", "bob")}, new Object[] {Rig.input()});

        rig.reaches("assessment", "paused");
        assertThat(rig.target.calls).doesNotContain("assess");

        rig.signal("resume", "requestedBy", "bob").gate("schema");
    }

    @Test
    void a_storm_of_messages_does_not_hide_the_newest() throws Exception {
        rig.start(Rig.input()).gate("schema");
        for (int i = 0; i < 130; i++) {
            rig.signal("noise" + i);
        }
        rig.ignored("noise129");

        assertThat(rig.status().ignored()).hasSize(100).last().satisfies(last -> assertThat(last.verb())
                .isEqualTo("noise129"));
        assertThat(rig.details()).contains("noise129", "and 96 more");
    }

    @Test
    void texts_of_people_cannot_break_the_page() throws Exception {
        rig.start(Rig.input("policies", List.of(Map.of("approvers", List.of("alice")))))
                .gate("schema");

        rig.signal(
                "approve",
                "gate",
                "schema",
                "evidence",
                rig.gate("schema").evidence(),
                "approver",
                "```\n--x \"$1/2\" " + "a".repeat(500));

        rig.ignored("approve");
        assertThat(rig.details()).contains("is not among the");
    }

    @Test
    void what_nobody_judged_any_more_is_answered_at_the_end() throws Exception {
        rig.target.hold("end aborted");
        rig.start(Rig.input()).gate("schema");
        rig.signal("abort", "requestedBy", "bob").calls("end aborted");
        rig.signal("pause", "requestedBy", "bob");

        rig.target.release("end aborted");

        assertThat(rig.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(rig.ignored("pause").reason()).startsWith("Too late");
    }
}
