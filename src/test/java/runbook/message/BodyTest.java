package runbook.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BodyTest {

    @Test
    void reads_trimmed_texts_and_flags() {
        Body body = Body.of(Verb.RETRY, Map.of("requestedBy", " bob ", "acceptDefinition", true));

        assertThat(body.problem()).isEmpty();
        assertThat(body.text("requestedBy")).isEqualTo("bob");
        assertThat(body.flag("acceptDefinition", false)).isTrue();
        assertThat(body.text("reason")).isEmpty();
        assertThat(body.flag("dryRun", true)).isTrue();
    }

    @Test
    void takes_a_number_for_a_trial_and_for_nothing_else() {
        assertThat(Body.of(Verb.TRIAL, Map.of("key", 4711, "requestedBy", "bob"))
                        .text("key"))
                .isEqualTo("4711");
        assertThat(Body.of(Verb.PAUSE, Map.of("requestedBy", 4711)).problem())
                .isEqualTo("'requestedBy': expected a text, found a number");
    }

    @Test
    void tells_what_was_found_instead_of_an_object() {
        assertThat(Body.of(Verb.PAUSE, List.of()).problem())
                .isEqualTo("expected one JSON object with requestedBy; found a list");
        assertThat(Body.of(Verb.PAUSE, "bob").problem()).endsWith("found a text");
        assertThat(Body.of(Verb.PAUSE, null).problem()).endsWith("found no input");
    }

    @Test
    void names_every_missing_and_every_unknown_field() {
        assertThat(Body.of(Verb.APPROVE, Map.of("gate", "schema", "who", "bob")).problem())
                .isEqualTo("'evidence' is missing; 'approver' is missing; unknown field 'who'; known fields: gate, "
                        + "evidence, approver, comment");
    }

    @Test
    void nobody_is_called_you_and_why_is_no_reason() {
        Map<String, Object> pasted =
                Map.of("gate", "schema", "evidence", "0123abcd", "approver", " YOU ", "comment", "WHY");

        assertThat(Body.of(Verb.APPROVE, pasted).problem())
                .isEqualTo("'approver': YOU stands for your name; put that in its place; 'comment': WHY stands for your"
                        + " reason; put that in its place");
        assertThat(Body.of(Verb.RETRY, Map.of("requestedBy", "You", "reason", "why not"))
                        .problem())
                .isEmpty();
    }

    @Test
    void carries_no_long_text_and_no_line_break() {
        Body body = Body.of(Verb.PAUSE, Map.of("requestedBy", "a\nb" + "x".repeat(999)));

        assertThat(body.text("requestedBy")).startsWith("a bxxx").hasSize(201);
    }
}
