package runbook.workflow;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import runbook.message.Judged;
import runbook.message.Stand;

/** What the run tells its target by the way, and does not wait for. */
abstract class Noted extends Faults {

    /** Where the run said that it stands. */
    public final List<String> stood = new CopyOnWriteArrayList<>();

    /** What approvals were said to be worth, in the order of the changes. */
    public final List<String> worth = new CopyOnWriteArrayList<>();

    public void stand(Stand stand) {
        ending("stand");
        stood.add(stand.state());
    }

    public void judged(Judged judged) {
        ending("judged");
        worth.add(judged.validity().word());
    }
}
