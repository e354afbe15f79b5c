package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import runbook.message.Evidence;
import runbook.message.HookCall;
import runbook.message.Notice;
import runbook.message.Occasion;
import runbook.message.Outcome;
import runbook.message.Phase;
import runbook.message.PhaseReport;

/**
 * Tells hooks what happens to the run. Whether there are any it cannot know, since they are no part of its input: so it
 * looks each time, in a local activity that reads the worker's memory, and one event of the history keeps what was found.
 * Each hook is then an activity of its own: it may hang or be tried again without holding up a workflow task, and the
 * timeline shows it by name.
 */
final class Hooks {

    private final Journal journal;
    private final Judge judge;
    private final Set<String> toldOfThrottling = new TreeSet<>();
    private Duration throttled = Duration.ZERO;
    private int number;
    private int telling;

    Hooks(Journal journal, Judge judge) {
        this.journal = journal;
        this.judge = judge;
    }

    /** What happens now, at this place. */
    Notice notice(Occasion occasion, String place) {
        Evidence evidence = journal.evidence();
        return new Notice(
                journal.origin().once("hook/" + ++number),
                occasion,
                Journal.now(),
                journal.origin().run(),
                Workflow.getInfo().getNamespace(),
                place,
                journal.label(),
                "",
                evidence == null ? "" : evidence.hash(),
                "",
                Duration.ZERO,
                List.of(),
                command(evidence));
    }

    /** A phase has ended; where it did not end well, with the reasons. */
    Notice ended(String row, PhaseReport report) {
        List<String> problems = Phases.passes(report) ? List.of() : Phases.problems(report);
        return notice(Occasion.PHASE_ENDED, row).with(report.verdict().word(), problems);
    }

    private String command(@Nullable Evidence evidence) {
        Commands commands = new Commands(
                Workflow.getInfo().getNamespace(), Workflow.getInfo().getWorkflowId());
        if (journal.parked()) {
            return commands.line("retry", Commands.request());
        }
        return evidence == null || !evidence.blocking().isEmpty()
                ? commands.look()
                : commands.line("approve", Commands.approval(evidence.gate(), evidence.hash()));
    }

    /** Tells, and waits for nobody. */
    void tell(Notice notice) {
        tell(notice, new TreeSet<>());
    }

    void tell(Occasion occasion, String place) {
        tell(notice(occasion, place));
    }

    private void tell(Notice notice, Set<String> heard) {
        telling++;
        Detached.run(() -> Async.procedure(() -> {
            try {
                Calls.hooks().findHooks(notice).stream()
                        .filter(call -> heard.add(call.name()))
                        .forEach(call -> reach(call, notice));
            } finally {
                telling--;
            }
        }));
    }

    /** One that cannot be told is shown; the run goes on. */
    private void reach(HookCall call, Notice notice) {
        telling++;
        Async.procedure(() -> {
            String against = answer(call, notice);
            telling--;
            if (!against.isEmpty()) {
                journal.dealings().notTold(call.name(), notice.words() + ": " + against);
            }
        });
    }

    /**
     * Tells, and waits for those hooks that the run stands still for; messages are judged meanwhile. On the way back
     * nothing is waited for.
     *
     * @return what they say against going on; empty when nothing does
     */
    List<String> ask(Notice notice) {
        List<Promise<String>> answers = new ArrayList<>();
        for (HookCall call : Calls.hooks().findHooks(notice)) {
            if (call.blocking() && notice.occasion().stands() && journal.leaving() == null) {
                answers.add(Async.function(() -> objection(call, notice)));
            } else {
                reach(call, notice);
            }
        }
        judge.until(() -> answers.stream().allMatch(Promise::isCompleted));
        return answers.stream()
                .map(Promise::get)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private String objection(HookCall call, Notice notice) {
        String against = answer(call, notice);
        return against.isEmpty()
                ? ""
                : "The hook '" + call.name() + "' holds the run at " + notice.words() + ": " + against
                        + " Nothing was done since. When it may go on send 'retry', which asks the hook again"
                        + (journal.rests()
                                ? "; or end the run with 'temporal workflow cancel', and what is retired stays."
                                : journal.cleanupApproved() ? "." : "; or 'rollback'.");
    }

    /** What it says against it; empty when it agrees. */
    private static String answer(HookCall call, Notice notice) {
        try {
            Calls.hook(call, "hook " + call.name() + ": " + notice.words()).callHook(call.name(), notice);
            return "";
        } catch (ActivityFailure failure) {
            return Failures.ofHook(failure) + (call.attempts() == 1 ? "" : " Tried " + call.attempts() + " times.");
        }
    }

    /** Each hook hears of a wait once, when it has lasted for longer than that hook puts up with. */
    void throttled(Duration lasting) {
        if (lasting.compareTo(throttled) < 0) {
            toldOfThrottling.clear();
        }
        throttled = lasting;
        if (!lasting.isZero()) {
            tell(notice(Occasion.THROTTLED, Phase.BACKFILL.word()).lasting(lasting), toldOfThrottling);
        }
    }

    /** Tells how the run ended, and lets every hook be told that still is to be: nothing of a run works after its end. */
    void end(Outcome outcome) {
        tell(notice(Occasion.ENDED, "").with(outcome.word(), List.of()));
        Detached.run(() -> Workflow.await(() -> telling == 0));
    }
}
