package runbook.message;

import java.time.Duration;

/**
 * A stage of the cutover as the workflow knows it.
 *
 * @param interval the time between two readings of what the stage is watched by
 * @param readings how many there are in a bake
 */
public record StagePlan(int stage, String name, Duration bake, Duration interval, int readings) {}
