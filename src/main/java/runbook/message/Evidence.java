package runbook.message;

/**
 * What people decide on at a gate.
 *
 * @param hash SHA-256 of {@code decision}, in hex; an approval quotes at least its first eight characters
 * @param decision canonical JSON (RFC 8785): plan and definition, verdict of each check, drill, losses, blocking counts,
 *     salted with the workflow's run id; a change here voids approvals
 * @param readings JSON of what is shown but not hashed: ages, rates, volumes
 * @param headline one sentence: "8 checks passed, 0 failed, 1 not verified."
 * @param blocking what forbids to pass this gate now, each with the next command; empty when it may be approved
 */
public record Evidence(
        String gate, String hash, String decision, String readings, String headline, java.util.List<String> blocking) {}
