package runbook.cli;

import java.util.List;
import runbook.engine.LockHolders;
import runbook.engine.LockPlan;
import runbook.engine.Target;

/**
 * What one script will lock, and whom it would have to wait for if it ran now.
 *
 * @param inTransaction whether all of the script is one transaction
 */
record LockForecast(String folder, String script, boolean inTransaction, List<Lock> locks) {

    /**
     * One lock.
     *
     * @param existing whether the object was there before, so that the application can be held up by the lock
     * @param inTheWay locks of others, now, that this one would wait for
     */
    record Lock(String object, String mode, boolean existing, List<LockHolders.Holder> inTheWay) {}

    static LockForecast of(Target target, LockPlan.Script script) {
        return new LockForecast(
                script.folder(),
                script.script(),
                script.inTransaction(),
                script.locks().stream()
                        .map(lock -> new Lock(
                                lock.object(),
                                lock.mode(),
                                lock.existing(),
                                lock.existing()
                                        ? LockHolders.inTheWayOf(lock.mode(), LockHolders.of(target, lock.object()))
                                        : List.of()))
                        .toList());
    }
}
