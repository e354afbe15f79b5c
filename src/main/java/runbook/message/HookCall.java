package runbook.message;

import java.time.Duration;

/**
 * A hook that wants to hear of something, as far as the run knows it: what it is, and where, stays with the worker.
 *
 * @param blocking whether the run stands still until it agrees
 * @param limit how long it may take, each time
 * @param attempts how often it is tried
 */
public record HookCall(String name, boolean blocking, Duration limit, int attempts) {}
