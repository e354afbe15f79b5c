package runbook.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads what it takes to pass the gates. */
final class Policies {

    /** More people than this are a mistake, not a quorum. */
    private static final int MOST = 20;

    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private static final Set<String> FIELDS = new TreeSet<>(
            List.of("gate", "approvers", "quorum", "fourEyes", "expires", "reason", "identity", "window"));

    private Policies() {}

    /** Adds every problem of every policy. */
    static List<Policy> of(Fields start, List<String> gates, String requester) {
        List<Map<?, ?>> typed = start.objects("policies", "{\"gate\": \"cutover\", \"quorum\": 2}");
        return new Entries("policies", "gate", gates, start.problems())
                .read(typed, Policy.USUAL, (fields, gate, usual) -> {
                    Policy policy = policy(fields, gate, usual);
                    against(policy, fields, requester);
                    return policy;
                });
    }

    private static Policy policy(Fields fields, String gate, Policy usual) {
        fields.known(FIELDS);
        return new Policy(
                gate,
                people(fields.texts("approvers", usual.approvers())),
                fields.count("quorum", usual.quorum(), 1, MOST),
                fields.flag("fourEyes", usual.fourEyes()),
                fields.time("expires", usual.expires(), SHORTEST),
                fields.choice("reason", List.of("optional", "required"), usual.reason() ? 1 : 0) == 1,
                identity(fields, usual.identity()),
                window(fields, usual.window()));
    }

    private static Identity identity(Fields fields, Identity usual) {
        List<Identity> all = List.of(Identity.values());
        return all.get(
                fields.choice("identity", all.stream().map(Identity::word).toList(), usual.ordinal()));
    }

    /** Two spellings of one name are one person. */
    private static List<String> people(List<String> typed) {
        List<String> people = new ArrayList<>();
        for (String name : typed) {
            if (people.stream().noneMatch(other -> Names.same(other, name))) {
                people.add(Names.typed(name));
            }
        }
        return people;
    }

    private static Schedule window(Fields fields, Schedule usual) {
        if (!fields.values().containsKey("window")) {
            return usual;
        }
        String typed = fields.text("window", "");
        if (Window.of(typed).isPresent()) {
            return new Schedule(List.of(typed), List.of());
        }
        if (fields.values().get("window") instanceof String) {
            fields.problem("window", "expected " + Window.EXPECTED + ", found \"" + typed + "\"");
        }
        return usual;
    }

    private static void against(Policy policy, Fields fields, String requester) {
        if (policy.approvers().stream().anyMatch(String::isEmpty)) {
            fields.problem("approvers", "a name is blank");
        }
        List<String> eligible = policy.eligible(requester);
        if (!policy.approvers().isEmpty() && eligible.size() < policy.quorum()) {
            fields.problem(
                    "quorum",
                    "it takes " + policy.quorum() + ", and of the approvers "
                            + (eligible.isEmpty() ? "nobody" : "only " + String.join(", ", eligible)) + " may approve"
                            + (eligible.size() < policy.approvers().size()
                                    ? "; the requester " + requester + " may not"
                                    : ""));
        }
    }
}
