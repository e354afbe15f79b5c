package runbook.sample;

import java.time.Duration;
import java.util.List;

/**
 * One transaction as the application means it.
 *
 * @param actions by rising number of the process, new ones last: so two of our own never wait for each other in a circle
 * @param hold how long it stays open before it commits
 */
record Plan(List<Action> actions, boolean repeatableRead, boolean throughAddStatus, Duration hold) {

    Plan {
        actions = List.copyOf(actions);
    }

    /** The same intentions the old way, after the new way was refused. */
    Plan legacy() {
        return new Plan(actions, repeatableRead, false, hold);
    }
}
