package runbook.engine;

import static runbook.generated.engine.Tables.CONTROL;
import static runbook.generated.engine.Tables.STOP;

import java.time.Duration;
import java.util.Map;
import runbook.message.Run;

/** What is wanted of running work: signals do not reach it, so it looks into the database between two batches. */
final class Wanted {

    private final Target target;
    private final Run run;
    private final Pulse pulse;

    Wanted(Target target, Run run, Pulse pulse) {
        this.target = target;
        this.run = run;
        this.pulse = pulse;
    }

    /**
     * Goes on, waits while paused, or ends.
     *
     * @throws RunbookException.Parked when the work is to end
     */
    void obey(String what) {
        while (true) {
            String reason = target.dsl().select(STOP.REASON).from(STOP).fetchOne(STOP.REASON);
            if (reason != null) {
                throw new RunbookException.Parked(run.migration() + ": " + Switches.stopped(reason)
                        + " Work done so far stays. " + Switches.LIFT);
            }
            String wanted = target.dsl()
                    .select(CONTROL.WANTED)
                    .from(CONTROL)
                    .where(CONTROL.RUN.eq(run.id()))
                    .fetchOne(CONTROL.WANTED);
            if (wanted == null || wanted.equals("run")) {
                return;
            }
            if (wanted.equals("abort")) {
                throw new RunbookException.Parked(
                        run.migration() + ": " + what + ": ended because an abort or a roll-back" + " was asked for.");
            }
            Pauses.rest(Duration.ofSeconds(1), pulse, Map.of("range", what, "paused", true));
        }
    }
}
