package runbook.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What batches are tuned to.
 *
 * @param until when it ends by itself; the run sees to that, nobody compares clocks. {@code null} for no end
 * @param once names the request, so that it is audited once
 */
public record Tune(Run run, Tuning tuning, @Nullable Instant until, String requestedBy, String reason, String once) {}
