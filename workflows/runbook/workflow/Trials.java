package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import runbook.message.Phase;
import runbook.message.Start;
import runbook.message.TrialReport;
import runbook.message.TrialRequest;
import runbook.message.Verb;

/** Takes {@code trial}: one unit alone, after the new shape is there and before all the others. */
final class Trials implements Judge.Rule {

    /** @param once names the request, whatever attempts it takes */
    private record Wish(String key, String requestedBy, String once) {}

    private final Journal journal;
    private final Judge judge;
    private final Watch watch;
    private final Errands errands;
    private final Parking parking;
    private final Deque<Wish> wishes = new ArrayDeque<>();
    private boolean begun;
    private boolean failed;

    Trials(Journal journal, Judge judge, Watch watch, Errands errands, Parking parking) {
        this.journal = journal;
        this.judge = judge;
        this.watch = watch;
        this.errands = errands;
        this.parking = parking;
        judge.rule(Verb.TRIAL, this);
    }

    /**
     * The trial of the input and those that were asked for so far, none of them in a pause. One that fails parks: it is
     * there to be heeded.
     */
    void pass() {
        journal.enter(Phase.BACKFILL.word());
        begin();
        judge.until(() -> !journal.paused());
        while (!wishes.isEmpty()) {
            String against = against(bringOver(wishes.element()));
            if (against == null) {
                wishes.remove();
                show();
            } else {
                failed = true;
                parking.park(List.of(against));
                failed = false;
            }
            judge.until(() -> !journal.paused());
        }
    }

    /** What the input asks for comes first, and once. */
    private void begin() {
        Start start = journal.origin().start();
        if (!begun && !start.trial().isEmpty()) {
            wishes.addFirst(new Wish(
                    start.trial(), start.requestedBy(), journal.origin().once("trial")));
        }
        begun = true;
    }

    /** Why the run does not go on to all the others; {@code null} when nothing speaks against it. */
    private static @Nullable String against(TrialReport report) {
        if (!report.refused().isEmpty()) {
            return "The trial was refused. " + report.refused()
                    + " Nothing else was copied. Send 'trial' with another key, or 'retry', 'rollback' or 'abort'.";
        }
        return report.issues().isEmpty()
                ? null
                : "The trial found: " + String.join("; ", report.issues()) + ". That unit is brought over, nothing else"
                        + " was copied. Find out why; then send 'retry' to look at it again, 'trial' with another key,"
                        + " 'rollback' or 'abort'.";
    }

    @Override
    public @Nullable String refusal(Message message) {
        return journal.began(Phase.BACKFILL) || journal.cleanupApproved()
                ? "Too late: the backfill has begun, and brings every row over."
                : null;
    }

    @Override
    public @Nullable String take(Message message) {
        Wish wish = new Wish(
                message.text("key"),
                message.text("requestedBy"),
                journal.origin().once(message));
        if (failed) {
            wishes.clear();
            wishes.add(wish);
            show();
            parking.release();
            return "The trial is made with this key; its verification record is in the query status.";
        }
        if (journal.evidence() != null && journal.place().equals(Phase.BACKFILL.word())) {
            errands.ask(message, () -> now(message, wish));
            return null;
        }
        wishes.add(wish);
        show();
        return "Kept: the trial is made after the schema, before the backfill; then its verification record is in the "
                + "query status.";
    }

    /** Without the key, which belongs to the target alone. */
    private void show() {
        journal.dealings()
                .trialsKept(wishes.stream()
                        .map(wish -> "trial by " + wish.requestedBy())
                        .toList());
    }

    private void now(Message message, Wish wish) {
        TrialReport report = bringOver(wish);
        if (!report.refused().isEmpty()) {
            judge.ignore(message, report.refused());
            return;
        }
        if (!report.issues().isEmpty()) {
            journal.dealings()
                    .note("The newest trial found: " + String.join("; ", report.issues())
                            + ". Find out why before you approve; 'trial' looks again.");
        }
        message.accept(report.record());
    }

    private TrialReport bringOver(Wish wish) {
        TrialRequest request =
                new TrialRequest(journal.request(Phase.BACKFILL), wish.key(), wish.requestedBy(), wish.once());
        PhaseActivities activities = Calls.within(Duration.ofHours(1), "trial: one unit alone");
        TrialReport report;
        try {
            report = watch.over(() -> Async.function(activities::bringOverOne, request));
        } catch (ActivityFailure failure) {
            report = TrialReport.refused(Failures.sentence(failure));
        }
        journal.dealings().tried(report);
        return report;
    }
}
