package runbook.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a message, or started the run, read from the run's own history.
 *
 * @param identity what the sender's client called itself; empty from the Web UI: claimed, not proved
 * @param principal what the server knows of the sender, where it knows anything
 */
public record Attestation(String identity, @Nullable String principal, long eventId, Instant at) {}
