package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import runbook.message.CheckVerdict;
import runbook.message.Evidence;
import runbook.message.Limits;
import runbook.message.Overdue;
import runbook.message.PhaseReport;
import runbook.message.RunReport;
import runbook.message.Status;
import runbook.message.StatusBackfill;
import runbook.message.StatusGate;
import runbook.message.StatusIgnored;
import runbook.message.StatusPhase;
import runbook.message.StatusStage;
import runbook.message.StatusTuning;
import runbook.message.StatusWait;
import runbook.message.TrialReport;
import runbook.message.Verdict;

class DetailsTest {

    private static final Instant NOW = Instant.parse("2026-11-21T03:25:00Z");
    private static final Evidence EVIDENCE = new Evidence(
            "cutover",
            "13662812".repeat(8),
            "{}",
            "{}",
            "8 of 9 \"checks\" passed, 1/9 not verified -- $ 0.",
            List.of());
    private static final String NASTY = "```\n--force \"quoted\" $HOME 3/4 `code` " + "x".repeat(90);

    private static final List<String> KEPT = Collections.nCopies(9, "approve cleanup by " + NASTY);
    private static final List<StatusIgnored> IGNORED = Collections.nCopies(30, new StatusIgnored(50, "approve", NASTY));

    private static List<StatusPhase> phases() {
        PhaseReport backup = new PhaseReport(
                Verdict.PASSED, "1.2 GB, the drill found them equal, " + NASTY, List.of(), Map.of(), List.of());
        PhaseReport backfill = new PhaseReport(Verdict.NOT_VERIFIED, "4.2 M rows", List.of(), Map.of(), List.of());
        return List.of(
                StatusPhase.ahead("assessment")
                        .running(1, NOW.minus(Duration.ofDays(3)))
                        .ended("passed", PhaseReport.passed("3 advisories"), NOW.minus(Duration.ofDays(1))),
                StatusPhase.ahead("backup")
                        .running(1, NOW.minusSeconds(3_600))
                        .ended("passed", backup, NOW.minusSeconds(20)),
                StatusPhase.ahead("backfill")
                        .running(1, NOW.minusSeconds(100))
                        .ended("not_verified", backfill, NOW.minusSeconds(20)),
                StatusPhase.ahead("cutover").running(2, NOW.minusSeconds(7)),
                StatusPhase.ahead("cleanup"));
    }

    private static RunReport report(String state, String place, String id, List<String> problems) {
        return report(state, place, id, problems, List.of());
    }

    private static RunReport report(
            String state, String place, String id, List<String> problems, List<CheckVerdict> checks) {
        boolean waits = state.equals("waiting");
        Status status = new Status(
                id,
                "dev",
                place,
                state,
                waits
                        ? new StatusGate("cutover", EVIDENCE.hash(), 2, List.of("alice"), List.of(NASTY), NASTY, "")
                        : null,
                List.of(new StatusWait(place, NOW.minusSeconds(90), 3, NOW, NOW.plusSeconds(60), Overdue.ROLLBACK)),
                new StatusBackfill(1_000, 900, 90, 10, 120, "4 to 6 min", NASTY, "", Map.of()),
                new StatusTuning(50, 1, 2, Limits.USUAL, NOW, NASTY, NASTY),
                List.of(StatusStage.ahead(NASTY).bakingUntil(NOW).heldBy(NASTY, NASTY)),
                checks,
                problems,
                List.of(NASTY),
                IGNORED,
                new TrialReport("", false, List.of(), Map.of("legacyStatus", NASTY)));
        return new RunReport(
                status,
                "default",
                id,
                "carol",
                NASTY,
                place,
                phases(),
                waits ? evidence(checks) : null,
                List.of(),
                KEPT,
                List.of(),
                612,
                NOW,
                NASTY,
                NOW);
    }

    private static Evidence evidence(List<CheckVerdict> failed) {
        List<String> blocking =
                failed.stream().map(check -> check.name() + " is failed").toList();
        return new Evidence(
                EVIDENCE.gate(),
                EVIDENCE.hash(),
                EVIDENCE.decision(),
                EVIDENCE.readings(),
                EVIDENCE.headline(),
                blocking);
    }

    private static CheckVerdict failed(String claim, String... repairs) {
        return new CheckVerdict(claim, "blocking", Verdict.FAILED, 3, "").offering(List.of(repairs));
    }

    private static String page(String state, String place) {
        return DetailsRules.held(Details.of(report(state, place, "product_manager_v2", List.of(NASTY))));
    }

    @ParameterizedTest
    @CsvSource({
        "running,assessment",
        "running,backfill",
        "running,soak",
        "running,hold",
        "running,drop",
        "running,rollback",
        "waiting,cutover",
        "paused,backfill",
        "parked,backfill",
        "parked,rollback",
        "completed,drop",
        "rejected,cutover",
        "rolled_back,rollback",
        "aborted,rollback",
    })
    void every_state_keeps_the_rules_whatever_people_and_targets_say(String state, String place) {
        assertThat(page(state, place)).isNotEmpty();
    }

    @Test
    void a_waiting_gate_shows_what_to_type() {
        assertThat(page("waiting", "cutover"))
                .startsWith("### Waiting for approval: cutover\nEvidence `13662812`: 8 of 9 'checks' passed")
                .contains("""
                    ```json
                    {
                      "gate": "cutover",
                      "evidence": "13662812",
                      "approver": "YOU",
                      "comment": "WHY"
                    }
                    ```
                    """)
                .contains("""
                    ```
                    temporal workflow update execute \\
                      -w product_manager_v2 --name approve --input '{
                      "gate":"cutover","evidence":"13662812",
                      "approver":"YOU","comment":"WHY"}'
                    ```
                    """);
    }

    @Test
    void the_table_is_narrow_and_tells_how_long_each_phase_took() {
        assertThat(page("running", "cutover")).contains("""
            phase      state        took    what
            assessment passed       2d 0h   3 advisories
            backup     passed       59m 40s 1.2 GB, the drill
                                            found them equal, '''
                                            --force "quoted" $HOME
                                            3/4 `code…
            backfill   not verified 1m 20s  4.2 M rows
            cutover    running      7s
            cleanup    -            -
            """);
    }

    @Test
    void a_running_copy_shows_its_numbers_and_their_age() {
        assertThat(page("running", "backfill"))
                .startsWith("### Backfill: 61 %, 4 to 6 min left\n")
                .contains("900 copied, 90 skipped, 10 quarantined of 1000 scanned; 120 rows per second.")
                .contains("As of 2026-11-21 03:25 UTC");
    }

    @Test
    void a_parked_run_shows_the_problem_and_the_way_on() {
        assertThat(page("parked", "backfill"))
                .startsWith("### Parked: backfill, a person must decide")
                .contains("--name retry", "`rollback`, `abort`");
        assertThat(page("parked", "rollback")).contains("--name retry").doesNotContain("`abort`");
    }

    @ParameterizedTest
    @CsvSource({"waiting,cutover", "parked,cutover", "running,soak"})
    void what_failed_comes_with_its_repair(String state, String place) {
        List<CheckVerdict> checks = List.of(
                failed("it has no repair"),
                failed("every process has exactly one active status", "activate the newest", "keep the latest"));

        String page = DetailsRules.held(Details.of(report(state, place, "m", List.of("repair it"), checks)));

        assertThat(page)
                .doesNotContain("--name approve", "\"gate\"")
                .contains("--name retry")
                .contains("""
                    ```
                    temporal workflow update execute \\
                      -w m --name repair --input '{
                      "check":"every process has exactly one active '\\
                    'status","repair":"activate the newest","dryRun":true,
                      "requestedBy":"YOU"}'
                    ```
                    A dry run; then with `"dryRun":false`. Other repairs: `keep the latest`
                    """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"it's \"one\" \\ claim", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\\\"'xxxxxxxxxxxxxxxxxxxxxxx"})
    void a_shell_reads_a_folded_body_as_it_was(String claim) throws Exception {
        List<String> lines = new Commands("default", "m").block("repair", Commands.repair(claim, claim + claim));

        String command = String.join("\n", lines).replaceFirst("(?s)^.*--input ", "printf %s ");
        Process shell = new ProcessBuilder("sh", "-c", command).start();
        var read = new com.fasterxml.jackson.databind.ObjectMapper().readTree(shell.getInputStream());

        assertThat(shell.waitFor()).isZero();
        assertThat(read.get("check").asText()).isEqualTo(claim);
        assertThat(read.get("repair").asText()).isEqualTo(claim + claim);
        assertThat(read.get("dryRun").asBoolean()).isTrue();
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(54));
    }

    @Test
    void what_was_retired_and_not_dropped_is_said_to_stay() {
        assertThat(page("completed", "cleanup")).contains("under the name `retired_…`", "./runbook plan");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 22, 23, 24, 47, 48, 49, 60, 200})
    void ids_of_any_length_stay_pasteable(int length) {
        String id = "m".repeat(length);

        String page = DetailsRules.held(Details.of(report("waiting", "cutover", id, List.of())));

        String command = page.substring(page.indexOf("temporal workflow")).replace("\\\n", "");
        assertThat(command).containsPattern("-w " + id + " +--name approve --input");
    }

    @Test
    void another_namespace_and_odd_ids_are_quoted() {
        Commands commands = new Commands("team a", "it's@home");

        assertThat(commands.line("retry", Commands.request()))
                .isEqualTo("temporal workflow update execute -n 'team a' -w 'it'\\''s@home' --name retry --input"
                        + " '{\"requestedBy\":\"YOU\",\"reason\":\"WHY\"}'");
        assertThat(commands.block("retry", Commands.request()))
                .startsWith("temporal workflow update execute \\", "  -n 'team a' \\");
        assertThat(commands.start("a queue"))
                .isEqualTo("temporal workflow start -n 'team a' --type Migration -t 'a queue' -w 'it'\\''s@home'"
                        + " --input-file FILE --fail-existing");
    }

    @Test
    void a_flood_of_problems_is_cut_to_what_fits() {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            problems.add("problem " + i + " " + NASTY);
        }

        String page = DetailsRules.held(Details.of(report("parked", "validation", "m", problems)));

        assertThat(page).contains("problem 199", "and 194 more: see the query report", "--name retry");
    }
}
