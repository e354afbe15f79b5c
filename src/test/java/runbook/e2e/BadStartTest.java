package runbook.e2e;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Inputs that are not good: one message lists everything, and nothing is begun. */
class BadStartTest extends OneRun {

    private Services services;

    @BeforeEach
    void open() {
        services = new Services(postgres, folder);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void an_unknown_migration_is_answered_with_those_that_there_are() throws Exception {
        run.refuses(
                run.input("migration", "individual_proces_status"),
                "unknown migration 'individual_proces_status'; known: individual_process_status");

        run.completes(run.input());
    }

    @Test
    void everything_that_is_wrong_with_an_input_is_told_in_one_message() throws Exception {
        Map<String, Object> input = run.input(
                "rows",
                5,
                "gates",
                List.of("schema", "deploy"),
                "policies",
                List.of(
                        Map.of("approvers", "alice", "fourEyes", "identity"),
                        Map.of("gate", "schema", "approvers", List.of("Olga ", "olga"), "quorum", 2),
                        Map.of("gate", "deployment", "who", "alice", "expires", "a day"),
                        Map.of("gate", "deploy", "window", "at night", "identity", "sure", "reason", true)),
                "requestedBy",
                " ",
                "soak",
                "14 days",
                "hold",
                "-P1D",
                "drop",
                "yes",
                "backups",
                null,
                "errorBudget",
                -1,
                "trial",
                List.of(7));
        input.remove("migration");
        input.remove("target");

        run.refuses(
                input,
                "unknown field 'rows'; known fields: backups, custom, drop, errorBudget, errorsPerMille, freezes, gates,"
                        + " hold, limits, migration, policies, requestedBy, revalidate, searchAttributes, soak, target,"
                        + " trial, waits, windows",
                "'migration' is missing",
                "'target' is missing",
                "'requestedBy' is blank",
                "'gates': unknown gate 'deploy'; known gates: backup, schema, backfill, validation, cutover, cleanup, drop",
                "'gates': 'drop' cannot be left out: it is the point of no return",
                "'policies': 'approvers': expected a list of texts, found a text (alice)",
                "'policies': 'fourEyes': expected true or false, found a text (identity)",
                "'policies', schema: 'quorum': it takes 2, and of the approvers only Olga may approve",
                "'policies': 'gate': expected one of schema, deploy, found a text (deployment)",
                "'policies': unknown field 'who'; known fields: approvers, expires, fourEyes, gate, identity,"
                        + " quorum, reason, roles, window",
                "'policies': 'expires': expected a duration such as \"PT6H\" or \"P14D\", at least PT1M,"
                        + " found \"a day\"",
                "'policies', deploy: 'reason': expected \"optional\" or \"required\", found true or false (true)",
                "'policies', deploy: 'identity': expected \"claimed\" or \"history\" or \"principal\", found a text (sure)",
                "'policies', deploy: 'window': expected a window such as \"22:00-06:00 Europe/Berlin\" or"
                        + " \"Mon-Fri,Sun 22:00-06:00 Europe/Berlin\", found \"at night\"",
                "'soak': expected a duration such as \"PT6H\" or \"P14D\", at least PT0S, found \"14 days\"",
                "'hold': expected a duration such as \"PT6H\" or \"P14D\", at least PT0S, found \"-P1D\"",
                "'drop': expected true or false, found a text (yes)",
                "'backups': expected a text, found null",
                "'errorBudget': expected a whole number from 0, found a number (-1)",
                "'trial': expected a text, found a list");

        run.completes(run.input());
    }

    @Test
    void problems_of_the_input_and_of_the_target_come_together() throws Exception {
        run.refuses(
                run.input("migration", "unheard_of", "target", "nowhere", "drop", 1),
                "'drop': expected true or false, found a number (1)",
                "unknown migration 'unheard_of'; known: individual_process_status",
                "target 'nowhere' is not in the service file " + services.file() + "; it names: " + postgres.target()
                        + ". Add a section [nowhere] with host, port, dbname and user, and the password to .pgpass.");

        run.completes(run.input());
    }

    @Test
    void what_is_not_an_object_is_told_for_what_it_is() throws Exception {
        String expected = "expected one JSON object with at least 'migration' and 'target', found ";

        run.refuses(null, expected + "no input");
        run.refuses(List.of("individual_process_status"), expected + "a list");
        run.refuses("individual_process_status", expected + "a text");

        run.completes(run.input());
    }
}
