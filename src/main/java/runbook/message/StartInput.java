package runbook.message;

import java.time.Duration;
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

    private static final Set<String> FIELDS = new TreeSet<>(List.of(
            "migration",
            "target",
            "requestedBy",
            "gates",
            "policies",
            "waits",
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
        if (!(input instanceof Map<?, ?> typed)) {
            problems.add("expected one JSON object with at least 'migration' and 'target', found "
                    + (input == null ? "no input" : Shape.kind(input)));
            return new StartInput(read(new Fields("", Map.of(), new ArrayList<>())), problems);
        }
        Fields fields = new Fields("", typed, problems);
        fields.known(FIELDS);
        Start start = read(fields);
        return new StartInput(start, List.copyOf(problems));
    }

    private static Start read(Fields fields) {
        String migration = fields.name("migration");
        String target = fields.name("target");
        String requestedBy = fields.person("requestedBy");
        List<String> gates = gates(fields);
        return new Start(
                migration,
                target,
                requestedBy,
                gates,
                Policies.of(fields, gates, requestedBy),
                Waits.of(fields, gates),
                fields.duration("soak", Duration.ofDays(14), Duration.ZERO),
                fields.duration("revalidate", Duration.ofHours(6), Duration.ofSeconds(1)),
                fields.duration("hold", Duration.ofDays(30), Duration.ZERO),
                fields.flag("drop", true),
                fields.text("backups", "runbook-backups"),
                fields.count("errorBudget", 100, 0, Integer.MAX_VALUE),
                fields.count("errorsPerMille", 10, 0, 1_000),
                fields.key("trial", ""),
                limits(fields),
                custom(fields),
                Schedule.of(fields.texts("windows", List.of()), fields.texts("freezes", List.of()), fields.problems()),
                fields.flag("searchAttributes", true));
    }

    private static List<String> gates(Fields fields) {
        List<String> gates = fields.texts("gates", Start.DEFAULT_GATES);
        for (String gate : gates) {
            if (!Start.GATES.contains(gate)) {
                fields.problem("gates", "unknown gate '" + gate + "'; known gates: " + String.join(", ", Start.GATES));
            }
        }
        if (!gates.contains("drop")) {
            fields.problem("gates", "'drop' cannot be left out: it is the point of no return");
        }
        return gates;
    }

    private static Limits limits(Fields fields) {
        Limits limits = fields.values().get("limits") instanceof Map<?, ?> typed
                ? Limits.of(typed, fields.problems())
                : fields.missing("limits", "an object such as {\"replicaLag\": \"PT10S\"}", Limits.USUAL);
        String custom = Signal.CUSTOM.word();
        if (limits.at().containsKey(custom) != fields.values().containsKey(custom)) {
            fields.problems()
                    .add("'custom' and 'limits': {\"custom\": NUMBER} belong together: a query and the most that it"
                            + " may give; found one of them");
        }
        return limits;
    }

    /** One statement: whatever it is, it can then be bracketed, and does not end our transaction. */
    private static String custom(Fields fields) {
        String query = fields.text("custom", "").strip();
        if (fields.values().get("custom") instanceof String && (query.isEmpty() || query.contains(";"))) {
            fields.problem("custom", "expected one query that gives one number, without a semicolon");
            return "";
        }
        return query;
    }
}
