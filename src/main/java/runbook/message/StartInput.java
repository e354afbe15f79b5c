package runbook.message;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link Start} from decoded JSON and lists every problem at once: what was found and what was expected.
 *
 * @param start what could be read; fields with a problem hold their default
 * @param problems empty when the start is good
 */
public record StartInput(Start start, List<String> problems) {

    /** Ten years: far longer could not be added to the time of now, and the run would hang there for ever. */
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private static final Set<String> FIELDS = new TreeSet<>(List.of(
            "migration",
            "target",
            "requestedBy",
            "gates",
            "approvers",
            "fourEyes",
            "soak",
            "revalidate",
            "hold",
            "drop",
            "backups",
            "errorBudget",
            "errorsPerMille",
            "trial",
            "limits",
            "custom",
            "windows",
            "freezes",
            "searchAttributes"));

    /** The input of {@code temporal workflow start --input-file}, decoded to maps, lists and scalars. */
    public static StartInput of(@Nullable Object input) {
        List<String> problems = new ArrayList<>();
        if (!(input instanceof Map<?, ?> fields)) {
            problems.add("expected one JSON object with at least 'migration' and 'target', found "
                    + (input == null ? "no input" : Shape.kind(input)));
            return new StartInput(read(new Fields(Map.of(), new ArrayList<>())), problems);
        }
        for (Object name : fields.keySet()) {
            if (!FIELDS.contains(String.valueOf(name))) {
                problems.add("unknown field '" + name + "'; known fields: " + String.join(", ", FIELDS));
            }
        }
        Start start = read(new Fields(fields, problems));
        return new StartInput(start, List.copyOf(problems));
    }

    private static Start read(Fields fields) {
        return new Start(
                fields.name("migration"),
                fields.name("target"),
                fields.person("requestedBy"),
                fields.gates(),
                fields.texts("approvers", List.of()),
                fields.fourEyes(),
                fields.duration("soak", Duration.ofDays(14), Duration.ZERO),
                fields.duration("revalidate", Duration.ofHours(6), Duration.ofSeconds(1)),
                fields.duration("hold", Duration.ofDays(30), Duration.ZERO),
                fields.flag("drop", true),
                fields.text("backups", "runbook-backups"),
                fields.count("errorBudget", 100, Integer.MAX_VALUE),
                fields.count("errorsPerMille", 10, 1_000),
                fields.text("trial", ""),
                fields.limits(),
                fields.custom(),
                fields.schedule(),
                fields.flag("searchAttributes", true));
    }

    private record Fields(Map<?, ?> values, List<String> problems) {

        String name(String field) {
            if (!values.containsKey(field)) {
                problems.add("'" + field + "' is missing");
                return "";
            }
            String text = text(field, "");
            if (text.isBlank() && values.get(field) instanceof String) {
                problems.add("'" + field + "' is blank");
            }
            return text;
        }

        /** Nobody has to say who asks; a name that says nothing is a mistake. */
        String person(String field) {
            String name = Names.typed(text(field, "unknown"));
            if (name.isEmpty()) {
                problems.add("'" + field + "' is blank");
            }
            return name;
        }

        FourEyes fourEyes() {
            String field = "fourEyes";
            for (FourEyes way : FourEyes.values()) {
                if (way.word().equals(values.get(field))) {
                    return way;
                }
            }
            return missing(field, "\"names\" or \"identity\"", FourEyes.NAMES);
        }

        String text(String field, String otherwise) {
            Object value = values.get(field);
            if (value instanceof Number number && field.equals("trial")) {
                return number.toString();
            }
            return value instanceof String text ? text : missing(field, "a text", otherwise);
        }

        boolean flag(String field, boolean otherwise) {
            return values.get(field) instanceof Boolean flag ? flag : missing(field, "true or false", otherwise);
        }

        int count(String field, int otherwise, int most) {
            return values.get(field) instanceof Integer count && count >= 0 && count <= most
                    ? count
                    : missing(
                            field,
                            "a whole number from 0" + (most == Integer.MAX_VALUE ? "" : " to " + most),
                            otherwise);
        }

        Duration duration(String field, Duration otherwise, Duration least) {
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
            problems.add("'" + field + "': expected " + expected + ", found \"" + text + "\"");
            return otherwise;
        }

        List<String> texts(String field, List<String> otherwise) {
            if (values.get(field) instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
                return list.stream().map(String::valueOf).toList();
            }
            return missing(field, "a list of texts", otherwise);
        }

        List<String> gates() {
            List<String> gates = texts("gates", Start.DEFAULT_GATES);
            for (String gate : gates) {
                if (!Start.GATES.contains(gate)) {
                    problems.add(
                            "'gates': unknown gate '" + gate + "'; known gates: " + String.join(", ", Start.GATES));
                }
            }
            if (!gates.contains("drop")) {
                problems.add("'gates': 'drop' cannot be left out: it is the point of no return");
            }
            return gates;
        }

        Limits limits() {
            Limits limits = values.get("limits") instanceof Map<?, ?> typed
                    ? Limits.of(typed, problems)
                    : missing("limits", "an object such as {\"replicaLag\": \"PT10S\"}", Limits.USUAL);
            String custom = Signal.CUSTOM.word();
            if (limits.at().containsKey(custom) != values.containsKey(custom)) {
                problems.add("'custom' and 'limits': {\"custom\": NUMBER} belong together: a query and the most that it"
                        + " may give; found one of them");
            }
            return limits;
        }

        /** One statement: whatever it is, it can then be bracketed, and does not end our transaction. */
        String custom() {
            String query = text("custom", "").strip();
            if (values.get("custom") instanceof String && (query.isEmpty() || query.contains(";"))) {
                problems.add("'custom': expected one query that gives one number, without a semicolon");
                return "";
            }
            return query;
        }

        Schedule schedule() {
            return Schedule.of(texts("windows", List.of()), texts("freezes", List.of()), problems);
        }

        private <T> T missing(String field, String expected, T otherwise) {
            if (values.containsKey(field)) {
                Object found = values.get(field);
                problems.add("'" + field + "': expected " + expected + ", found "
                        + (found == null
                                ? "null"
                                : Shape.kind(found)
                                        + (found instanceof List || found instanceof Map ? "" : " (" + found + ")")));
            }
            return otherwise;
        }
    }
}
