package runbook.engine.throttle;

import java.util.List;
import java.util.Optional;
import runbook.engine.Target;
import runbook.message.Limits;
import runbook.message.Signal;

/** How far the slowest replica is behind: whoever reads there still reads what was written then. */
public final class Replicas {

    private Replicas() {}

    /** Why not to go on, when it is further behind than the limit allows or nobody can say; empty when it is not. */
    public static Optional<Cause> behind(Target target, Limits limits) {
        return limits.limit(Signal.REPLICA_LAG).flatMap(limit -> {
            Reading reading = new Gauges(target, List.of(), 1)
                    .read(List.of(Signal.REPLICA_LAG))
                    .get(Signal.REPLICA_LAG);
            return reading == null || reading.number() != null && reading.number() <= limit
                    ? Optional.empty()
                    : Optional.of(new Cause(Signal.REPLICA_LAG.word(), reading.number(), limit, reading.why()));
        });
    }
}
