package runbook.workflow;

import runbook.message.Run;
import runbook.message.Stand;

/**
 * Has the target know where the run stands, for whoever has the database alone. The run never waits for that: while the
 * target is away it is tried again, and the target keeps the newest of what comes then.
 */
final class Standing {

    private int number;

    void tell(Run run, String state) {
        Stand stand = new Stand(run, ++number, state);
        RunActivities target = Calls.beside("notes: " + state);
        Detached.tell(target::stand, stand);
    }
}
