package runbook.workflow;

import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import runbook.message.Body;
import runbook.message.Phase;
import runbook.message.StatusTuning;
import runbook.message.Tune;
import runbook.message.Tuning;
import runbook.message.Verb;

/** Takes {@code tune}: batches read it from the database. One that has a time ends like it began, by a message. */
final class Tunings implements Judge.Rule {

    private static final TimerOptions TIMER =
            TimerOptions.newBuilder().setSummary("the tuning ends").build();

    private static final Body END =
            new Body(Map.of("requestedBy", "runbook", "reason", "the time of the tuning is over"), "");

    private final Inbox inbox;
    private final Journal journal;
    private final Children children;
    private @Nullable CancellationScope end;

    Tunings(Inbox inbox, Journal journal, Judge judge, Children children) {
        this.inbox = inbox;
        this.journal = journal;
        this.children = children;
        judge.rule(Verb.TUNE, this);
    }

    @Override
    public @Nullable String refusal(Message message) {
        // What was tuned with a time ends later too: a requeue copies in the soak.
        return journal.began(Phase.VALIDATION) && !message.body().equals(END)
                ? "Too late: the backfill is over."
                : null;
    }

    @Override
    public String take(Message message) {
        if (message.body().equals(END) && !due()) {
            return "A newer tuning is in force.";
        }
        Body body = message.body();
        Tuning wanted =
                new Tuning(body.number("batchMillis"), body.number("workers"), body.decimal("ratio"), body.limits());
        Duration time = wanted.equals(Tuning.NONE) ? null : body.duration("for");
        Instant until = time == null ? null : Journal.now().plus(time);
        String by = body.text("requestedBy");
        String reason = body.text("reason");
        Calls.run("tunes the batches")
                .tune(new Tune(
                        journal.origin().run(),
                        wanted,
                        until,
                        by,
                        reason,
                        journal.origin().once(message)));
        children.workers(wanted.workers());
        endAfter(time);
        journal.tuned(wanted.equals(Tuning.NONE) ? null : StatusTuning.of(wanted, until, by, reason));
        String sentence = "Batches run " + (until == null ? "" : "for " + time + " ") + "so: " + wanted.words() + ".";
        journal.dealings().note(sentence + " By " + by + ".");
        return sentence + " In force after the batches that run now; another tune replaces it as a whole.";
    }

    /** Whether what is in force has an end that has come. */
    private boolean due() {
        StatusTuning tuning = journal.tuning();
        return tuning != null && tuning.until() != null && !tuning.until().isAfter(Journal.now());
    }

    private void endAfter(@Nullable Duration time) {
        if (end != null) {
            end.cancel("another tuning is in force");
        }
        end = time == null ? null : Workflow.newCancellationScope(() -> Async.procedure(() -> remind(time)));
        if (end != null) {
            end.run();
        }
    }

    private void remind(Duration time) {
        try {
            Workflow.newTimer(time, TIMER).get();
            inbox.remind(Verb.TUNE, END);
        } catch (CanceledFailure replaced) {
            Workflow.getLogger(Tunings.class).debug("no end: another tuning is in force");
        }
    }
}
