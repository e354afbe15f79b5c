package runbook.workflow;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import runbook.message.Evidence;
import runbook.message.Overdue;
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

/** The page that a run shows of itself in the Web UI and in {@code temporal workflow metadata}. */
final class Details {

    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** About three lines of the table. */
    private static final int LONGEST_SUMMARY = 72;

    private final RunReport report;
    private final Status status;
    private final Grounds grounds;

    private Details(RunReport report) {
        this.report = report;
        this.status = report.status();
        this.grounds = new Grounds(report);
    }

    static String of(RunReport report) {
        return new Details(report).page().toString();
    }

    private Page page() {
        Page page =
                new Page().heading(heading()).prose(numbers()).prose(waits()).prose(List.of(Page.plain(report.note())));
        page.code("", table());
        page.unlessTooLong(new Page().list("What a person must look at", status.problems(), 6));
        page.unlessTooLong(new Page().list("Stages", stages(), 8));
        page.unlessTooLong(new Page().list("Approvals so far", grounds.approvals(), 6));
        page.unlessTooLong(new Page().list("Still missing", grounds.missing(), 6));
        new Advice(report, dropped()).pages().forEach(page::unlessTooLong);
        page.unlessTooLong(new Page().list("To be weighed", status.warnings(), 4));
        page.unlessTooLong(new Page().list("Approved before", grounds.approvedBefore(), 4));
        page.unlessTooLong(new Page().list("Proved", grounds.proved(), 8));
        page.unlessTooLong(new Page().list("Trial", trial(), 12));
        page.unlessTooLong(new Page().list("Kept until their turn", report.kept(), 4));
        page.unlessTooLong(new Page().list("Messages that changed nothing", ignored(), 4));
        return page.unlessTooLong(new Page().line(links()));
    }

    private String heading() {
        return switch (status.state()) {
            case "waiting" -> "Waiting for approval: " + evidence().gate();
            case "parked" -> "Parked: " + report.place() + ", a person must decide";
            case "paused" -> "Paused: " + report.place();
            case "held" -> held();
            case "running" -> running();
            case "rejected" ->
                status.problems().isEmpty() ? "Rejected: the old shape is back" : "Not started: the input has problems";
            case "completed" -> completed();
            case "aborted" -> "Aborted: the old shape is back";
            default -> "Rolled back: the old shape is back";
        };
    }

    private String held() {
        return status.stages().stream()
                .filter(StatusStage::held)
                .findFirst()
                .map(stage -> "Held: " + report.place() + ", stage " + Page.plain(stage.name()))
                .orElse("Held: " + report.place());
    }

    private String running() {
        String outlook = status.backfill().outlook();
        return switch (report.place()) {
            case "backfill" ->
                "Backfill"
                        + (report.perMille() < 0 ? "" : ": " + report.perMille() / 10 + " %")
                        + (outlook.isEmpty() ? "" : ", " + outlook);
            case "soak" -> "Soak" + until();
            case "hold" -> "Hold" + until() + ", then the old objects may be dropped";
            default ->
                capital(report.place())
                        + (report.until() == null
                                ? " is running"
                                : " waits for its window, opens " + TIME.format(report.until()));
        };
    }

    private String until() {
        return report.until() == null ? "" : " until " + TIME.format(report.until());
    }

    private boolean dropped() {
        return report.phases().stream()
                .anyMatch(line -> line.phase().equals("drop") && line.state().equals("passed"));
    }

    private String completed() {
        return dropped() ? "Completed: the old objects are dropped" : "Completed: the old objects are retired";
    }

    private List<String> numbers() {
        StatusBackfill backfill = status.backfill();
        String asOf = "As of " + TIME.format(report.asOf()) + "; press R for a fresh page.";
        if (status.state().equals("waiting")) {
            return List.of(
                    "Evidence `" + shortened(evidence().hash()) + "`: "
                            + Page.plain(evidence().headline()),
                    !evidence().blocking().isEmpty()
                            ? "It cannot be approved before what is named below is cured. " + asOf
                            : Page.plain(policy()) + " " + asOf);
        }
        if (report.place().equals("backfill")) {
            return List.of(
                    backfill.copied() + " copied, " + backfill.skipped() + " skipped, " + backfill.quarantined()
                            + " quarantined of " + backfill.scanned() + " scanned; " + backfill.rowsPerSecond()
                            + " rows per second.",
                    batches(),
                    backfill.lostMillis().isEmpty()
                            ? ""
                            : "Lost to throttling: " + StatusBackfill.lost(backfill.lostMillis()) + ".",
                    asOf);
        }
        return List.of(asOf);
    }

    /** How long people were waited for, and what is to come of it. */
    private List<String> waits() {
        return status.waits().stream().map(this::waited).map(Page::plain).toList();
    }

    private String waited(StatusWait wait) {
        Instant reminded = wait.reminded();
        Instant deadline = wait.deadline();
        String then = wait.onDeadline() == Overdue.WAIT
                ? "a reminder"
                : wait.onDeadline().word();
        return capital(wait.at()) + " since " + TIME.format(wait.since())
                + (reminded == null ? "" : "; reminded " + wait.reminders() + " times, last " + TIME.format(reminded))
                + (deadline == null
                        ? ""
                        : "; deadline " + TIME.format(deadline)
                                + (deadline.isAfter(report.asOf()) ? ", then " + then : " is over"))
                + ".";
    }

    /** How batches run, and by whose wish. */
    private String batches() {
        StatusTuning tuning = status.tuning();
        String batch = status.backfill().batch();
        String found = batch.isEmpty() ? "" : "Newest batch: " + batch + ".";
        if (tuning == null) {
            return found;
        }
        Instant end = tuning.until();
        return "Tuned by `" + Page.plain(tuning.requestedBy()) + "`: " + tuning.words()
                + (end == null ? "" : ", until " + TIME.format(end)) + ". " + found;
    }

    private String policy() {
        StatusGate gate = status.gate();
        return gate == null ? "" : gate.policy();
    }

    /** While they are of interest. */
    private List<String> stages() {
        return report.place().equals("cutover") || status.state().equals("held")
                ? status.stages().stream().map(Details::stage).toList()
                : List.of();
    }

    private static String stage(StatusStage stage) {
        Instant until = stage.until();
        return stage.name() + ": " + stage.state() + (until == null ? "" : " until " + TIME.format(until))
                + (stage.held() ? ", held by " + stage.heldBy() + ": " + stage.reason() : "");
    }

    private Evidence evidence() {
        Evidence evidence = report.evidence();
        return evidence == null ? new Evidence(report.place(), "", "", "", "", List.of()) : evidence;
    }

    // The table.

    private List<String> table() {
        int widest = report.phases().stream()
                .mapToInt(line -> state(line).length())
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>(row(widest, "phase", "state", "took", "what"));
        for (StatusPhase line : report.phases()) {
            lines.addAll(row(widest, line.phase(), state(line), took(line), line.summary()));
        }
        return lines;
    }

    private static List<String> row(int widest, String phase, String state, String took, String what) {
        String format = "%-11s%-" + (Math.max(5, widest) + 1) + "s%-8s";
        String shown = what.length() <= LONGEST_SUMMARY ? what : what.substring(0, LONGEST_SUMMARY) + "…";
        return Page.wrapped(String.format(Locale.ROOT, format, phase, state, took), shown);
    }

    private static String state(StatusPhase line) {
        return line.state().replace('_', ' ');
    }

    private String took(StatusPhase line) {
        Instant began = line.began();
        if (began == null) {
            return "-";
        }
        Instant ended = line.ended();
        return spoken(Duration.between(began, ended == null ? report.asOf() : ended));
    }

    private static String spoken(Duration took) {
        if (took.toDays() > 0) {
            return took.toDays() + "d " + took.toHoursPart() + "h";
        }
        if (took.toHours() > 0) {
            return took.toHours() + "h " + took.toMinutesPart() + "m";
        }
        return took.toMinutes() > 0 ? took.toMinutes() + "m " + took.toSecondsPart() + "s" : took.toSeconds() + "s";
    }

    // The rest.

    private List<String> trial() {
        TrialReport trial = status.trial();
        if (trial == null) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        if (!trial.refused().isEmpty()) {
            lines.add(trial.refused());
        }
        trial.record().forEach((field, value) -> lines.add(field + ": " + value));
        return lines;
    }

    private List<String> ignored() {
        List<String> lines = new ArrayList<>();
        for (StatusIgnored message : status.ignored()) {
            lines.add((message.event() == 0 ? "" : "event " + message.event() + " ") + message.verb() + ": "
                    + message.reason());
        }
        return lines;
    }

    private String links() {
        return "[Validation](/namespaces/{namespace}/workflows/{workflowId}%2Fvalidation) · "
                + "[All that wait](/namespaces/{namespace}/workflows?query=RunbookState%20STARTS_WITH%20%22waiting%22)";
    }

    static String shortened(String hash) {
        return hash.substring(0, Math.min(8, hash.length()));
    }

    private static String capital(String word) {
        return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
