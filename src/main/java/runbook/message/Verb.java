package runbook.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What people may send to a run. The signal and the update of a verb have its word as their name. */
public enum Verb {
    APPROVE(List.of("gate", "evidence", "approver"), List.of("comment")),
    REJECT(List.of("gate", "evidence", "approver"), List.of("comment")),
    WITHDRAW(List.of("gate", "approver"), List.of("evidence", "comment")),
    PAUSE(List.of("requestedBy"), List.of("reason")),
    RESUME(List.of("requestedBy"), List.of("reason")),
    ABORT(List.of("requestedBy"), List.of("reason")),
    ROLLBACK(List.of("requestedBy"), List.of("reason", "stage")),
    RETRY(List.of("requestedBy"), List.of("reason", "acceptDefinition")),
    REPAIR(List.of("check", "repair", "requestedBy"), List.of("reason", "dryRun")),
    TRIAL(List.of("key", "requestedBy"), List.of("reason")),
    TUNE(List.of("requestedBy"), List.of("batchMillis", "workers", "ratio", "limits", "for", "reason")),
    REQUEUE(List.of("requestedBy"), List.of("reason")),
    ADVANCE(List.of("stage", "requestedBy"), List.of("reason")),
    HOLD(List.of("stage", "requestedBy"), List.of("reason"));

    private final List<String> required;
    private final List<String> optional;

    Verb(List<String> required, List<String> optional) {
        this.required = required;
        this.optional = optional;
    }

    /** The name of its signal and of its update. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The fields that its body must have. */
    public List<String> required() {
        return required;
    }

    /** All fields that its body may have. */
    public List<String> fields() {
        return Stream.concat(required.stream(), optional.stream()).toList();
    }

    /** The verb with this word, or {@code null}. */
    public static @Nullable Verb of(String word) {
        for (Verb verb : values()) {
            if (verb.word().equals(word)) {
                return verb;
            }
        }
        return null;
    }

    /** All words, for a person who used an unknown one. */
    public static String words() {
        List<String> words = new ArrayList<>();
        for (Verb verb : values()) {
            words.add(verb.word());
        }
        return String.join(", ", words);
    }
}
