package runbook.message;

/** Asks to cure what a check reported. {@code once} names the request, so that it is carried out once. */
public record RepairRequest(
        PhaseRequest phase, String check, String repair, boolean dryRun, String requestedBy, String once) {}
