package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;
import static runbook.generated.engine.Tables.CONTROL;
import static runbook.generated.engine.Tables.STOP;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jooq.Field;
import runbook.message.Run;
import runbook.message.Tuning;

/**
 * What is wanted of running work, and how it should run: signals do not reach it, so it looks into the database between
 * two batches.
 */
final class Wanted {

    private static final Field<String> STOPPED = field(select(STOP.REASON).from(STOP));

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
     * @return how batches should run from now on
     * @throws RunbookException.Parked when the work is to end
     */
    Tuning obey(String what) {
        return follow(what, true);
    }

    /** The same for work that only reads: a stop in the database does not concern it. */
    Tuning heed(String what) {
        return follow(what, false);
    }

    private Tuning follow(String what, boolean writes) {
        while (true) {
            Look look = look();
            if (writes && look.stopped.isPresent()) {
                throw new RunbookException.Parked(run.migration() + ": " + Switches.stopped(look.stopped.get())
                        + " Work done so far stays. " + Switches.LIFT);
            }
            if (look.wanted.equals("abort")) {
                throw new RunbookException.Parked(
                        run.migration() + ": " + what + ": ended because an abort or a roll-back was asked for.");
            }
            if (look.wanted.equals("run")) {
                return look.tuning;
            }
            Pauses.rest(Duration.ofSeconds(1), pulse, Map.of("range", what, "paused", true));
        }
    }

    private record Look(Optional<String> stopped, String wanted, Tuning tuning) {}

    private Look look() {
        return target.dsl()
                .select(STOPPED, CONTROL.WANTED, CONTROL.BATCH_MILLIS, CONTROL.WORKERS, CONTROL.RATIO, CONTROL.LIMITS)
                .from(CONTROL)
                .where(CONTROL.RUN.eq(run.id()))
                .fetchSingle(row -> new Look(
                        Optional.ofNullable(row.value1()),
                        row.value2(),
                        new Tuning(row.value3(), row.value4(), row.value5(), Json.limits(row.value6()))));
    }
}
