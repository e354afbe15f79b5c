package runbook.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import runbook.message.CheckVerdict;
import runbook.message.Evidence;
import runbook.message.RunReport;
import runbook.message.Status;
import runbook.message.Verdict;

/** What a person may type where a run stands; nothing that the run would refuse. */
final class Advice {

    private final RunReport report;
    private final Status status;
    private final Commands commands;
    private final boolean dropped;

    Advice(RunReport report, boolean dropped) {
        this.report = report;
        this.status = report.status();
        this.commands = new Commands(report.namespace(), report.workflowId());
        this.dropped = dropped;
    }

    /** The most needed first: a page that gets too long leaves the others out. */
    List<Page> pages() {
        return switch (status.state()) {
            case "waiting" -> atGate();
            case "parked" -> cure();
            case "running" ->
                !status.problems().isEmpty() ? cure() : report.place().equals("soak") ? wayBack() : ofStage();
            case "held" -> ofStage();
            case "paused" -> List.of(terminal("resume", Commands.request()));
            case "completed" -> dropped ? List.of() : List.of(stays());
            default -> List.of();
        };
    }

    private List<Page> atGate() {
        Evidence evidence = report.evidence();
        if (evidence == null) {
            return List.of();
        }
        if (!evidence.blocking().isEmpty()) {
            return onlyForward() ? List.of() : cure();
        }
        Map<String, Object> body = Commands.approval(evidence.gate(), evidence.hash());
        return List.of(
                new Page()
                        .line("**Approve here:** More Actions, Send an Update, `approve`, paste, then press R")
                        .code("json", Commands.json(body)),
                new Page()
                        .line("**or in a terminal** (`reject`, `withdraw` take the same)")
                        .code("", commands.block("approve", body)));
    }

    private List<Page> cure() {
        Page retry = terminal("retry", Commands.request());
        if (onlyForward()) {
            return List.of(retry);
        }
        List<Page> ways = new ArrayList<>();
        status.checks().stream()
                .filter(check -> check.severity().equals("blocking") && check.verdict() == Verdict.FAILED)
                .filter(check -> !check.repairs().isEmpty())
                .findFirst()
                .ifPresent(check -> ways.add(repair(check)));
        ways.add(retry);
        ways.add(new Page().line("The same with `rollback`, `abort`."));
        return ways;
    }

    /** The first that the check offers; the others are named. */
    private Page repair(CheckVerdict check) {
        List<String> repairs = check.repairs();
        String others = repairs.stream()
                .skip(1)
                .map(name -> "`" + Page.plain(name) + "`")
                .collect(Collectors.joining(", "));
        return terminal("repair", Commands.repair(check.name(), repairs.get(0)))
                .line("A dry run; then with `\"dryRun\":false`."
                        + (others.isEmpty() ? "" : " Other repairs: " + others));
    }

    /** Where the cutover is at a stage that people can steer. */
    private List<Page> ofStage() {
        return status.stages().stream()
                .filter(stage -> stage.held() || stage.state().equals("baking"))
                .findFirst()
                .map(stage -> List.of(terminal("advance", Commands.stage(stage.name()))
                        .line("The same with `rollback` switches the stage back; `rollback` without `stage` ends the"
                                + " run."
                                + (stage.held() ? "" : " `hold` keeps the bake from ending."))))
                .orElseGet(List::of);
    }

    private List<Page> wayBack() {
        return List.of(terminal("rollback", Commands.request())
                .line("The way back, with every write made since; possible until the gate cleanup is approved."));
    }

    private Page stays() {
        return new Page()
                .line("What was retired stays: a column in its table under the name `retired_…`, a table in"
                        + " `runbook_archive`. `./runbook plan " + Page.plain(status.migration())
                        + "` names the statements that drop it. `./runbook unarchive "
                        + Page.plain(status.migration()) + " --target " + Page.plain(status.target())
                        + "` brings it back, and counts first what that loses.");
    }

    /** Nobody goes back from the way back, nor after clean-up was approved. */
    private boolean onlyForward() {
        return report.place().equals("rollback")
                || report.phases().stream().anyMatch(line -> line.phase().equals("cleanup") && line.attempt() > 0);
    }

    private Page terminal(String verb, Map<String, Object> body) {
        return new Page().line("**In a terminal**").code("", commands.block(verb, body));
    }
}
