package runbook.workflow;

import org.jspecify.annotations.Nullable;
import runbook.message.Control;
import runbook.message.Verb;

/** Takes {@code pause} and {@code resume}: batches read them from the database, stages and phases wait here. */
final class Pausing implements Judge.Rule {

    private final Journal journal;
    private final Reminders reminders;
    private Reminders.@Nullable Waiting waiting;

    Pausing(Journal journal, Judge judge, Reminders reminders) {
        this.journal = journal;
        this.reminders = reminders;
        judge.rule(Verb.PAUSE, this);
        judge.rule(Verb.RESUME, this);
    }

    @Override
    public @Nullable String refusal(Message message) {
        boolean pause = message.verb() == Verb.PAUSE;
        if (pause == journal.paused()) {
            return pause ? "The run is paused already." : "The run is not paused.";
        }
        return null;
    }

    @Override
    public String take(Message message) {
        boolean pause = message.verb() == Verb.PAUSE;
        Calls.run(pause ? "pauses the batches" : "lets the batches go on")
                .control(new Control(
                        journal.origin().run(),
                        pause ? "pause" : "run",
                        message.text("requestedBy"),
                        message.text("reason"),
                        journal.origin().once(message)));
        if (waiting != null) {
            waiting.close();
        }
        journal.pause(pause);
        waiting = pause ? reminders.begin("paused") : null;
        String reason = message.text("reason");
        journal.dealings()
                .note((pause ? "Paused by " : "Resumed by ")
                        + message.text("requestedBy")
                        + (reason.isEmpty() ? "." : ": " + reason));
        return pause ? "Paused. Batches stop where they are; nothing is lost." : "The run goes on.";
    }
}
