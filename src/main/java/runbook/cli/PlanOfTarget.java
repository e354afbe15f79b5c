package runbook.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import runbook.engine.LockHolders;
import runbook.engine.LockModes;
import runbook.engine.Volumes;
import runbook.report.Words;

/** The part of a plan that only a target can tell, in words. */
final class PlanOfTarget {

    private final PrintWriter out;
    private final String target;

    PlanOfTarget(PrintWriter out, String target) {
        this.out = out;
        this.target = target;
    }

    void print(List<Volumes.Volume> volumes, Map<String, List<String>> dependents, List<LockForecast> locks) {
        out.println();
        out.println("-- ==== on target " + target + " ====");
        out.println("--");
        volumes.forEach(volume -> out.println("-- " + words(volume)));
        out.println("--");
        if (dependents.isEmpty()) {
            out.println("-- Nothing hangs on what will be retired.");
        }
        dependents.forEach((what, names) -> out.println("-- " + what + ": " + String.join(", ", names)));
        out.println("--");
        out.println(
                "-- The strongest lock on each object that is there already, seen in a scratch database that is gone;");
        out.println("-- who is in the way is how it stood just now.");
        locks.forEach(this::print);
    }

    private static String words(Volumes.Volume volume) {
        if (!volume.present()) {
            return volume.table() + ": not there";
        }
        Long exact = volume.exact();
        Long estimated = volume.estimated();
        String rows = exact != null
                ? Words.number(exact) + " rows"
                : estimated != null ? "about " + Words.number(estimated) + " rows" : "rows unknown before an ANALYZE";
        return volume.table() + ": " + rows + ", " + Words.bytes(volume.bytes()) + " with indexes";
    }

    private void print(LockForecast forecast) {
        Map<String, List<LockForecast.Lock>> held = new TreeMap<>();
        forecast.locks().stream().filter(LockForecast.Lock::existing).forEach(lock -> held.computeIfAbsent(
                        lock.object(), object -> new ArrayList<>())
                .add(lock));
        out.println("--");
        out.println("-- " + forecast.folder() + "/" + forecast.script()
                + (held.isEmpty() ? ": new objects only" : "")
                + (forecast.inTransaction() ? "" : "; not one transaction, and it may wait for every older one"));
        held.values().forEach(this::print);
    }

    /** One object by the strongest of its locks: whoever is in the way of that one is told. */
    private void print(List<LockForecast.Lock> locks) {
        String mode =
                LockModes.strongest(locks.stream().map(LockForecast.Lock::mode).toList());
        for (LockForecast.Lock lock : locks) {
            if (lock.mode().equals(mode)) {
                out.println("--   " + LockModes.words(mode) + " on " + lock.object());
                lock.inTheWay().forEach(holder -> out.println("--     in the way: " + words(holder)));
            }
        }
    }

    private static String words(LockHolders.Holder holder) {
        Long seconds = holder.transactionSeconds();
        return "pid " + holder.pid() + " (" + holder.user() + ", " + holder.application() + ", " + holder.state()
                + (seconds == null ? "" : ", transaction open for " + seconds + " s") + ") "
                + (holder.granted() ? "holds " : "waits for ") + LockModes.words(holder.mode());
    }
}
