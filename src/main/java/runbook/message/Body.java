package runbook.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The body of a message, read from decoded JSON.
 *
 * @param values the good fields
 * @param problem what is wrong with it, as one sentence; empty when it is good
 */
public record Body(Map<String, Object> values, String problem) {

    /** Longer texts than a person would type are not carried into history and pages. */
    private static final int LONGEST = 200;

    /** What the commands that people paste say where only they can know. */
    private static final Map<String, String> STAND_INS = Map.of("YOU", "your name", "WHY", "your reason");

    public Body {
        values = Map.copyOf(values);
    }

    /** Checks every field of a verb's body at once. */
    public static Body of(Verb verb, @Nullable Object decoded) {
        if (!(decoded instanceof Map<?, ?> fields)) {
            return broken(verb, decoded == null ? "no input" : Shape.kind(decoded));
        }
        Map<String, Object> values = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        for (String field : verb.fields()) {
            read(verb, field, fields, values, problems);
        }
        for (Object name : fields.keySet()) {
            if (!verb.fields().contains(String.valueOf(name))) {
                problems.add("unknown field '" + shortened(String.valueOf(name)) + "'; known fields: "
                        + String.join(", ", verb.fields()));
            }
        }
        return new Body(values, String.join("; ", problems));
    }

    /** A body that is not even an object. */
    public static Body broken(Verb verb, String found) {
        return new Body(
                Map.of(), "expected one JSON object with " + String.join(", ", verb.required()) + "; found " + found);
    }

    /** The body of a message that nobody knows. */
    public static Body unknown(String word) {
        return new Body(Map.of(), "unknown message '" + typed(word) + "'; known: " + Verb.words());
    }

    /** A field's text, trimmed; empty when it was left out. */
    public String text(String field) {
        return values.get(field) instanceof String text ? text : "";
    }

    /** A field's whole number; 0 when it was left out. */
    public int number(String field) {
        return values.get(field) instanceof Integer number ? number : 0;
    }

    /** A field's number; 0 when it was left out. */
    public double decimal(String field) {
        return values.get(field) instanceof Double number ? number : 0;
    }

    /** The limits of signals; the usual ones when they were left out. */
    public Limits limits() {
        return values.get("limits") instanceof Limits limits ? limits : Limits.USUAL;
    }

    /** A field's duration; {@code null} when it was left out. */
    public @Nullable Duration duration(String field) {
        return values.get(field) instanceof Duration duration ? duration : null;
    }

    /** A field's truth value. */
    public boolean flag(String field, boolean otherwise) {
        return values.get(field) instanceof Boolean flag ? flag : otherwise;
    }

    private static void read(
            Verb verb, String field, Map<?, ?> fields, Map<String, Object> values, List<String> problems) {
        Object found = fields.get(field);
        if (found == null) {
            if (verb.required().contains(field)) {
                problems.add("'" + field + "' is missing");
            }
            return;
        }
        if (field.equals("limits") && found instanceof Map<?, ?> limits) {
            values.put(field, Limits.of(limits, problems));
            return;
        }
        Shape shape = Shape.of(field);
        Object value = shape.read().apply(found);
        if (value == null) {
            problems.add("'" + field + "': " + shape.against(found));
            return;
        }
        if (!(value instanceof String words)) {
            values.put(field, value);
            return;
        }
        String text = typed(words);
        values.put(field, text);
        // A blank stage is not the whole run.
        if (Names.typed(words).isEmpty() && (verb.required().contains(field) || field.equals("stage"))) {
            problems.add("'" + field + "' is blank");
        }
        String standsFor = STAND_INS.get(text);
        if (standsFor != null) {
            problems.add("'" + field + "': " + text + " stands for " + standsFor + "; put that in its place");
        }
    }

    private static String typed(String text) {
        return shortened(text.strip().replaceAll("\\p{Cntrl}+", " "));
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
