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
            List.of("gate", "approvers", "roles", "quorum", "fourEyes", "expires", "reason", "identity", "window"));

    private static final Set<String> ROLE_FIELDS = new TreeSet<>(List.of("role", "approvers", "minimum"));

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
        List<PolicyRole> roles = roles(fields, usual);
        List<String> listed = roles.isEmpty()
                ? fields.texts("approvers", usual.approvers())
                : roles.stream().flatMap(role -> role.approvers().stream()).toList();
        return new Policy(
                gate,
                people(listed),
                roles,
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

    /** One that lists people does not mean the roles of the policy for all gates. */
    private static List<PolicyRole> roles(Fields fields, Policy usual) {
        if (!fields.has("roles")) {
            return fields.has("approvers") ? List.of() : usual.roles();
        }
        if (fields.has("approvers")) {
            fields.problem("roles", "expected either that or 'approvers'");
        }
        List<PolicyRole> roles = new ArrayList<>();
        for (Map<?, ?> typed : fields.objects("roles", "{\"role\": \"dba\", \"approvers\": [\"dba@example.org\"]}")) {
            Fields each = fields.inner("role " + (roles.size() + 1), typed);
            each.known(ROLE_FIELDS);
            String name = each.name("role");
            if (roles.stream().anyMatch(role -> role.role().equals(name))) {
                each.problem("role", "given twice");
            }
            if (!each.has("approvers")) {
                each.problem("approvers", "a role needs people");
            }
            roles.add(new PolicyRole(
                    name, people(each.texts("approvers", List.of())), each.count("minimum", 1, 1, MOST)));
        }
        return roles;
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
        for (PolicyRole role : policy.roles()) {
            List<String> able = policy.eligible(requester, role.approvers());
            if (able.size() < role.minimum()) {
                fields.problem(
                        "roles",
                        "it takes " + role.minimum() + " of " + role.role() + ", and "
                                + (able.isEmpty() ? "nobody" : "only " + String.join(", ", able)) + " may approve");
            }
        }
        List<String> eligible = policy.eligible(requester, policy.approvers());
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
