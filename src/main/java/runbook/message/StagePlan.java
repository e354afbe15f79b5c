package runbook.message;

import java.time.Duration;

/** A stage of the cutover as the workflow knows it. */
public record StagePlan(int stage, String name, Duration bake) {}
