package runbook.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a start says about who lets it pass its gates. */
class PoliciesTest {

    private static StartInput input(Map<?, ?>... policies) {
        return StartInput.of(
                Map.of("migration", "orders", "target", "shop", "requestedBy", "carol", "policies", List.of(policies)));
    }

    @Test
    void who_says_nothing_gets_one_approval_by_anybody_but_the_requester() {
        Policy policy = input().start().policy("cutover");

        assertThat(policy).isEqualTo(Policy.USUAL);
        assertThat(policy.words("carol")).isEqualTo("It takes one approval, not by the requester carol.");
    }

    @Test
    void a_gate_goes_by_its_own_policy_and_takes_the_rest_from_the_one_for_all() {
        StartInput read = input(
                Map.of("gate", "cutover", "quorum", 2, "expires", "PT24H", "window", "22:00–06:00 Europe/Berlin"),
                Map.of("approvers", List.of("dba@example.org", "owner@example.org"), "reason", "required"),
                Map.of("gate", "drop", "identity", "history", "reason", "optional", "fourEyes", false));

        assertThat(read.problems()).isEmpty();
        assertThat(read.start().policy("cutover"))
                .isEqualTo(new Policy(
                        "cutover",
                        List.of("dba@example.org", "owner@example.org"),
                        List.of(),
                        2,
                        true,
                        Duration.ofHours(24),
                        true,
                        Identity.CLAIMED,
                        new Schedule(List.of("22:00–06:00 Europe/Berlin"), List.of())));
        assertThat(read.start().policy("schema").reason()).isTrue();
        assertThat(read.start().policy("drop").reason()).isFalse();
        assertThat(read.start().policy("cutover").words("carol"))
                .isEqualTo("It takes 2 approvals by different people of dba@example.org, owner@example.org, not by the"
                        + " requester carol, with a comment, sent 22:00–06:00 Europe/Berlin, each for PT24H.");
        assertThat(read.start().policy("drop").words("carol"))
                .isEqualTo("It takes one approval of dba@example.org, owner@example.org, told apart by the sender's"
                        + " identity.");
    }

    @Test
    void every_problem_of_every_policy_is_told() {
        List<String> problems = input(
                        Map.of("quorum", 0, "fourEyes", "identity", "approvers", "dba"),
                        Map.of("gate", "scheme", "who", "dba"),
                        Map.of("gate", 7),
                        Map.of("gate", "cutover", "expires", "a day", "window", "at night", "reason", true),
                        Map.of("gate", "cutover", "expires", "PT1S", "identity", "sure", "window", 7))
                .problems();

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "'policies': 'approvers': expected a list of texts, found a text (dba)",
                        "'policies': 'quorum': expected a whole number from 1 to 20, found a number (0)",
                        "'policies': 'fourEyes': expected true or false, found a text (identity)",
                        "'policies': 'gate': expected one of schema, cutover, cleanup, drop, found a text (scheme)",
                        "'policies': unknown field 'who'; known fields: approvers, expires, fourEyes, gate,"
                                + " identity, quorum, reason, roles, window",
                        "'policies': 'gate': expected one of schema, cutover, cleanup, drop, found a number (7)",
                        "'policies', cutover: 'expires': expected a duration such as \"PT6H\" or \"P14D\", at least PT1M,"
                                + " found \"a day\"",
                        "'policies', cutover: 'reason': expected \"optional\" or \"required\", found true or false (true)",
                        "'policies', cutover: 'window': expected a window such as \"22:00-06:00 Europe/Berlin\" or"
                                + " \"Mon-Fri,Sun 22:00-06:00 Europe/Berlin\", found \"at night\"",
                        "'policies', cutover: given twice",
                        "'policies', cutover: 'expires': expected a duration such as \"PT6H\" or \"P14D\", at least PT1M,"
                                + " found \"PT1S\"",
                        "'policies', cutover: 'identity': expected \"claimed\" or \"history\" or \"principal\", found a text"
                                + " (sure)",
                        "'policies', cutover: 'window': expected a text, found a number (7)");
    }

    @Test
    void a_quorum_that_nobody_can_reach_is_refused() {
        assertThat(input(Map.of("approvers", List.of("Olga ", "olga"), "quorum", 2))
                        .problems())
                .containsExactly("'policies': 'quorum': it takes 2, and of the approvers only Olga may approve");
        assertThat(input(Map.of("gate", "drop", "approvers", List.of("olga", "Carol"), "quorum", 2))
                        .problems())
                .containsExactly("'policies', drop: 'quorum': it takes 2, and of the approvers only olga may approve;"
                        + " the requester carol may not");
        assertThat(input(Map.of("gate", "drop", "approvers", List.of("carol"))).problems())
                .containsExactly("'policies', drop: 'quorum': it takes 1, and of the approvers nobody may approve;"
                        + " the requester carol may not");
        assertThat(input(Map.of("approvers", List.of("olga", "carol"), "quorum", 2, "fourEyes", false))
                        .problems())
                .isEmpty();
    }

    @Test
    void roles_have_people_and_a_minimum_each_beside_the_quorum() {
        StartInput read = input(Map.of(
                "quorum",
                3,
                "roles",
                List.of(
                        Map.of("role", "dba", "approvers", List.of("olga", "Ove"), "minimum", 1),
                        Map.of("role", "owner", "approvers", List.of("ove", "ida", "carol")))));

        assertThat(read.problems()).isEmpty();
        Policy policy = read.start().policy("cutover");
        assertThat(policy.approvers()).containsExactly("olga", "Ove", "ida", "carol");
        assertThat(policy.words("carol"))
                .isEqualTo(
                        "It takes 3 approvals by different people of olga, Ove, ida, among them at least 1 of dba and"
                                + " at least 1 of owner, not by the requester carol.");
        assertThat(policy.missing(List.of()))
                .containsExactly(
                        "0 of 3 approvals count",
                        "it takes 1 of dba (olga, Ove)",
                        "it takes 1 of owner (ove, ida, carol)");
        assertThat(policy.missing(List.of("ida", "carol")))
                .containsExactly("2 of 3 approvals count", "it takes 1 of dba (olga, Ove)");
        assertThat(policy.missing(List.of("OVE", "ida", "x"))).isEmpty();
    }

    @Test
    void a_gate_that_lists_people_goes_by_no_roles_of_the_others() {
        StartInput read = input(
                Map.of("roles", List.of(Map.of("role", "dba", "approvers", List.of("olga")))),
                Map.of("gate", "schema", "quorum", 1),
                Map.of("gate", "drop", "approvers", List.of("ida")));

        assertThat(read.problems()).isEmpty();
        assertThat(read.start().policy("schema").roles()).hasSize(1);
        assertThat(read.start().policy("drop").roles()).isEmpty();
    }

    @Test
    void a_role_whose_minimum_nobody_can_reach_is_refused() {
        assertThat(input(
                                Map.of(
                                        "roles",
                                        List.of(
                                                Map.of(
                                                        "role",
                                                        "dba",
                                                        "approvers",
                                                        List.of("olga", "Olga "),
                                                        "minimum",
                                                        2),
                                                Map.of("role", "owner", "approvers", List.of("carol")))),
                                Map.of(
                                        "gate",
                                        "drop",
                                        "approvers",
                                        List.of("olga"),
                                        "roles",
                                        List.of(
                                                Map.of("role", "dba", "people", List.of("olga")),
                                                Map.of("role", "dba", "approvers", "olga", "minimum", 0))))
                        .problems())
                .containsExactly(
                        "'policies': 'roles': it takes 2 of dba, and only olga may approve",
                        "'policies': 'roles': it takes 1 of owner, and nobody may approve",
                        "'policies', drop: 'roles': expected either that or 'approvers'",
                        "'policies', drop: role 1: unknown field 'people'; known fields: approvers, minimum, role",
                        "'policies', drop: role 1: 'approvers': a role needs people",
                        "'policies', drop: role 2: 'role': given twice",
                        "'policies', drop: role 2: 'approvers': expected a list of texts, found a text (olga)",
                        "'policies', drop: role 2: 'minimum': expected a whole number from 1 to 20, found a number (0)",
                        "'policies', drop: 'roles': it takes 1 of dba, and nobody may approve",
                        "'policies', drop: 'roles': it takes 1 of dba, and nobody may approve");
    }

    @Test
    void a_gate_that_nobody_is_asked_at_has_no_policy() {
        StartInput read = StartInput.of(Map.of(
                "migration",
                "orders",
                "target",
                "shop",
                "gates",
                List.of("drop"),
                "policies",
                List.of(Map.of("gate", "cutover", "quorum", 2))));

        assertThat(read.problems()).containsExactly("'policies': 'gate': expected one of drop, found a text (cutover)");
    }

    @Test
    void nothing_in_the_place_of_a_value_is_told() {
        Map<String, Object> policy = new HashMap<>();
        List.of("gate", "approvers", "quorum", "fourEyes", "expires", "reason", "identity", "window")
                .forEach(field -> policy.put(field, null));

        assertThat(input(policy).problems()).hasSize(8).allMatch(problem -> problem.contains("null"));
    }

    @Test
    void what_is_no_list_of_objects_is_told() {
        for (Object wrong : List.of("cutover", Map.of("gate", "cutover"), List.of("cutover"))) {
            assertThat(StartInput.of(Map.of("migration", "orders", "target", "shop", "policies", wrong))
                            .problems())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "'policies': expected a list of objects such as {\"gate\": \"cutover\", \"quorum\": 2}, found ");
        }
    }

    @Test
    void neither_case_nor_blanks_nor_the_coding_of_accents_make_another_person() {
        assertThat(Names.same("José  Müller", "\u00a0JOSE\u0301 MU\u0308LLER\u200b"))
                .isTrue();
        assertThat(Names.same("jose", "josé")).isFalse();
    }
}
