package runbook.workflow;

import runbook.message.Outcome;

/** Ends the way forward, wherever the run is: somebody wants the old shape back, or no further change. */
final class Leave extends RuntimeException {

    private final String verb;
    private final Outcome outcome;
    private final String requestedBy;
    private final String reason;

    Leave(String verb, Outcome outcome, String requestedBy, String reason) {
        super(verb + " by " + requestedBy, null, false, false);
        this.verb = verb;
        this.outcome = outcome;
        this.requestedBy = requestedBy;
        this.reason = reason;
    }

    String verb() {
        return verb;
    }

    Outcome outcome() {
        return outcome;
    }

    String requestedBy() {
        return requestedBy;
    }

    String reason() {
        return reason;
    }

    /** Whether the old shape is to come back; otherwise the run just goes no further. */
    boolean takesBack() {
        return outcome != Outcome.COMPLETED;
    }

    String sentence() {
        return takesBack()
                ? "The run goes back: the old shape returns, then the run ends as " + outcome.word() + "."
                : "The run ends here: what was retired stays where it is, nothing is dropped.";
    }
}
