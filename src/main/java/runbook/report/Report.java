package runbook.report;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import runbook.engine.Switches;
import runbook.engine.account.Account;
import runbook.message.CheckVerdict;

/** One run's account as terminal text or as a page. */
public final class Report {

    private Report() {}

    /** For a terminal. */
    public static String text(Account account) {
        return heading(account) + "\n\n"
                + Sections.of(account).stream().map(TextTable::of).collect(Collectors.joining("\n"));
    }

    /** One page of HTML without anything from elsewhere. */
    public static String html(Account account) {
        return HtmlPage.of(account);
    }

    /** The first lines: which run, where it stands, since when. */
    public static String heading(Account account) {
        Account.RunLine run = account.run();
        Instant ended = run.endedAt();
        StringBuilder text = new StringBuilder()
                .append(run.migration())
                .append(" on ")
                .append(run.target())
                .append(": run ")
                .append(run.id())
                .append(", ")
                .append(state(run))
                .append("\n  began ")
                .append(Words.time(run.startedAt()))
                .append(" UTC")
                .append(
                        ended == null
                                ? ", open for " + Words.took(run.startedAt(), account.asOf())
                                : ", ended " + Words.time(ended) + " UTC after " + Words.took(run.startedAt(), ended))
                .append("\n  requested by ")
                .append(run.requestedBy())
                .append(", workflow ")
                .append(run.workflowId())
                .append(" run ")
                .append(run.workflowRun())
                .append(", owner ")
                .append(run.epoch())
                .append(", definition ")
                .append(Words.hash(run.definition()))
                .append("\n  as of ")
                .append(Words.time(account.asOf()))
                .append(" UTC");
        warnings(account).forEach(line -> text.append("\n  ").append(line));
        String last = lastState(account);
        return text.append(last.isEmpty() ? "" : "\n  " + last).toString();
    }

    /** What a run that took the old shape away has left of it; empty for any other run. */
    static String lastState(Account account) {
        Account.RunLine run = account.run();
        if (run.endedAt() != null && "retired".equals(run.parting())) {
            return "last state: the old objects are retired and not dropped; ./runbook plan " + run.migration()
                    + " names what drops them";
        }
        return account.checks().stream()
                .filter(line -> line.name().equals(CheckVerdict.NEW_SHAPE_ALONE))
                .map(line -> "last state: "
                        + switch (line.verdict()) {
                            case "passed" -> line.name() + ", by the catalogue";
                            case "failed" -> line.note();
                            default -> "not verified, " + line.note();
                        })
                .findFirst()
                .orElse("");
    }

    /** The state in words, with how far a run that is open has left its starting point. */
    public static String state(Account.RunLine run) {
        String parting = run.parting();
        String standing = run.standing();
        return (standing == null ? run.state() : standing).replace('_', ' ')
                + (run.endedAt() != null || parting == null ? "" : " (" + parting.replace('_', ' ') + ")");
    }

    /** What somebody must not overlook. */
    static List<String> warnings(Account account) {
        return java.util.stream.Stream.of(stop(account), control(account), tuning(account))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static String stop(Account account) {
        Account.StopLine stop = account.stop();
        return stop == null
                ? ""
                : "STOPPED in the database by " + stop.stoppedBy() + " at " + Words.time(stop.at()) + " UTC: "
                        + stop.reason() + ". " + Switches.LIFT;
    }

    private static String control(Account account) {
        Account.ControlLine control = account.control();
        if (control == null || control.wanted().equals("run") || account.run().endedAt() != null) {
            return "";
        }
        return "wanted: " + control.wanted() + " (by " + said(control.requestedBy()) + " at "
                + Words.time(control.changedAt()) + " UTC: " + said(control.reason()) + ")";
    }

    private static String tuning(Account account) {
        Account.ControlLine control = account.control();
        if (control == null || control.tunedBy() == null || account.run().endedAt() != null) {
            return "";
        }
        Instant until = control.tunedUntil();
        return "tuned by " + control.tunedBy() + ": " + control.tuning().words()
                + (until == null ? "" : ", until " + Words.time(until) + " UTC");
    }

    private static String said(@Nullable String words) {
        return words == null || words.isBlank() ? "not said" : words;
    }
}
