package runbook.spi;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * One part of the switch to the new shape: flip, check, bake.
 *
 * @param switches flipped in one short transaction
 * @param checks must pass right after the flip and again after the bake
 * @param bake how long the stage is watched before the next one
 */
public record Stage(String name, List<Switch> switches, List<Check> checks, Duration bake) {

    public Stage {
        switches = List.copyOf(switches);
        checks = List.copyOf(checks);
    }

    public static Stage named(String name, Switch... switches) {
        return new Stage(name, Arrays.asList(switches), List.of(), Duration.ZERO);
    }

    /** The same stage, watched for a while and with checks. */
    public Stage baked(Duration bake, List<Check> checks) {
        return new Stage(name, switches, checks, bake);
    }
}
