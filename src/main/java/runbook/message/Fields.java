package runbook.message;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object that a person typed. A field that does not fit adds a problem, what was found against what was
 * expected, and reads as what holds unless it is given.
 */
public final class Fields {

    /** Ten years: far longer could not be added to the time of now, and the run would hang there for ever. */
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private final String where;
    private final Map<?, ?> values;
    private final List<String> problems;

    /** @param where said before each problem; empty for the input itself */
    public Fields(String where, Map<?, ?> values, List<String> problems) {
        this.where = where;
        this.values = values;
        this.problems = problems;
    }

    Map<?, ?> values() {
        return values;
    }

    List<String> problems() {
        return problems;
    }

    /** Whether somebody typed it, whatever it holds. */
    public boolean has(String field) {
        return values.containsKey(field);
    }

    /** An object within. */
    Fields inner(String what, Map<?, ?> object) {
        return new Fields(where + what + ": ", object, problems);
    }

    /** Adds a problem for each field that nobody reads. */
    public void known(Set<String> names) {
        for (Object name : values.keySet()) {
            if (!names.contains(String.valueOf(name))) {
                problems.add(where + "unknown field '" + name + "'; known fields: " + String.join(", ", names));
            }
        }
    }

    public void problem(String field, String sentence) {
        problems.add(where + "'" + field + "': " + sentence);
    }

    public String name(String field) {
        if (!values.containsKey(field)) {
            problems.add(where + "'" + field + "' is missing");
            return "";
        }
        String text = text(field, "");
        if (text.isBlank() && values.get(field) instanceof String) {
            problems.add(where + "'" + field + "' is blank");
        }
        return text;
    }

    /** Nobody has to say who asks; a name that says nothing is a mistake. */
    String person(String field) {
        String name = Names.typed(text(field, "unknown"));
        if (name.isEmpty()) {
            problems.add(where + "'" + field + "' is blank");
        }
        return name;
    }

    public String text(String field, String otherwise) {
        return values.get(field) instanceof String text ? text : missing(field, "a text", otherwise);
    }

    /** A row's key is often a number, and people type it as one. */
    String key(String field, String otherwise) {
        return values.get(field) instanceof Number number ? number.toString() : text(field, otherwise);
    }

    public boolean flag(String field, boolean otherwise) {
        return values.get(field) instanceof Boolean flag ? flag : missing(field, "true or false", otherwise);
    }

    public int count(String field, int otherwise, int least, int most) {
        return values.get(field) instanceof Integer count && count >= least && count <= most
                ? count
                : missing(
                        field,
                        "a whole number from " + least + (most == Integer.MAX_VALUE ? "" : " to " + most),
                        otherwise);
    }

    /** The place of the word that was typed among those that may be. */
    public int choice(String field, List<String> words, int otherwise) {
        int found = values.get(field) instanceof String word ? words.indexOf(word) : -1;
        return found >= 0 ? found : missing(field, "\"" + String.join("\" or \"", words) + "\"", otherwise);
    }

    public Duration duration(String field, Duration otherwise, Duration least) {
        String expected = "a duration such as \"PT6H\" or \"P14D\", at least " + least;
        if (!(values.get(field) instanceof String text)) {
            return missing(field, expected, otherwise);
        }
        try {
            Duration duration = Duration.parse(text);
            if (duration.compareTo(LONGEST) > 0) {
                expected = "a duration of ten years at most, \"P3650D\"";
            } else if (duration.compareTo(least) >= 0) {
                return duration;
            }
        } catch (DateTimeParseException notADuration) {
            // Told below, with the value that was found.
        }
        problem(field, "expected " + expected + ", found \"" + text + "\"");
        return otherwise;
    }

    /** The same for what need not be there at all. */
    @Nullable
    Duration time(String field, @Nullable Duration otherwise, Duration least) {
        Duration none = Duration.ofSeconds(-1);
        Duration read = duration(field, otherwise == null ? none : otherwise, least);
        return read.equals(none) ? null : read;
    }

    public List<Map<?, ?>> objects(String field, String example) {
        List<Map<?, ?>> objects = new ArrayList<>();
        if (values.get(field) instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> object) {
                    objects.add(object);
                }
            }
            if (objects.size() == list.size()) {
                return objects;
            }
        }
        return missing(field, "a list of objects such as " + example, List.of());
    }

    public List<String> texts(String field, List<String> otherwise) {
        if (values.get(field) instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String::valueOf).toList();
        }
        return missing(field, "a list of texts", otherwise);
    }

    public <T> T missing(String field, String expected, T otherwise) {
        if (values.containsKey(field)) {
            problem(field, "expected " + expected + ", found " + found(values.get(field)));
        }
        return otherwise;
    }

    /** What was found, in words; a short value is repeated. */
    static String found(@Nullable Object value) {
        return value == null
                ? "null"
                : Shape.kind(value) + (value instanceof List || value instanceof Map ? "" : " (" + value + ")");
    }
}
