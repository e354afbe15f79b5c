package runbook.spi;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * One part of the switch to the new shape: flip, check, bake. What its checks and criteria say has three outcomes: the next
 * stage; back to before this one; or a person decides.
 *
 * @param switches flipped in one short transaction
 * @param checks must pass right after the flip and again after the bake; at least one
 * @param bake how long the stage is watched before the next one
 */
public record Stage(String name, List<Switch> switches, List<Check> checks, Duration bake, Watching watching) {

    public Stage {
        switches = List.copyOf(switches);
        checks = List.copyOf(checks);
    }

    public static Stage named(String name, Switch... switches) {
        return new Stage(name, Arrays.asList(switches), List.of(), Duration.ZERO, Watching.NONE);
    }

    /** The same stage, watched for a while and with checks. */
    public Stage baked(Duration time, List<Check> all) {
        return new Stage(name, switches, all, time, watching);
    }

    /** The same, and so often in its bake these numbers are read. */
    public Stage watched(Duration interval, int count, Criterion... criteria) {
        return new Stage(name, switches, checks, bake, new Watching(interval, count, Arrays.asList(criteria)));
    }
}
