package runbook.message;

import java.util.Locale;

/** What can happen to a run that a hook may want to hear of. */
public enum Occasion {
    /** An attempt at a phase is about to begin. */
    PHASE_STARTED(true),
    /** It has ended, well or not; one that did not end well parks the run anyway. */
    PHASE_ENDED(true),
    /** People are asked, on the evidence that is told. */
    GATE_OPENED(true),
    /** Somebody's approval counts; the gate may wait for more. */
    APPROVAL(false),
    /** A gate has all that it takes: here a hook may object to what people approved. */
    GATE_PASSED(true),
    /** People have been waited for. */
    REMINDER(false),
    /** Nobody has decided in time. */
    DEADLINE(false),
    /** The copy has been held up for longer than a hook puts up with. */
    THROTTLED(false),
    /** A repeated proof says something else than the one before it. */
    VERDICT_CHANGED(false),
    /** A person must decide. */
    PARKED(false),
    /** The old shape is back. */
    ROLLED_BACK(false),
    /** The run is over. */
    ENDED(false);

    private final boolean stands;

    Occasion(boolean stands) {
        this.stands = stands;
    }

    /** The word in hook files, and in what hooks are sent. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the run can stand still here until a hook agrees. On the way back it never does. */
    public boolean stands() {
        return stands;
    }
}
