package runbook.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import runbook.message.StatusIgnored;
import runbook.message.StatusRepair;
import runbook.message.StatusWait;
import runbook.message.TrialReport;

/** What people asked for, and what came of it. */
final class Dealings {

    /** The newest messages that changed nothing; a storm of them must not fill the worker's memory. */
    private static final int IGNORED = 100;

    private final Runnable changed;
    private final List<StatusIgnored> ignored = new ArrayList<>();
    private final Approvals approvals;
    private final List<StatusRepair> repairs = new ArrayList<>();
    private final Map<String, String> untold = new TreeMap<>();
    private final Map<String, Integer> missed = new TreeMap<>();
    private List<String> approvalsKept = List.of();
    private List<String> trialsKept = List.of();
    private Supplier<List<StatusWait>> waits = List::of;
    private @Nullable TrialReport trial;
    private String note = "";

    Dealings(Runnable changed) {
        this.changed = changed;
        this.approvals = new Approvals(changed);
    }

    /** How long people were waited for so far. */
    void waits(Supplier<List<StatusWait>> now) {
        waits = now;
    }

    List<StatusWait> waits() {
        return waits.get();
    }

    /** A wait began or ended, or people were reminded. */
    void waited() {
        changed.run();
    }

    void ignored(Message message, String reason) {
        ignored.add(new StatusIgnored(message.event(), message.word(), reason));
        if (ignored.size() > IGNORED) {
            ignored.remove(0);
        }
        changed.run();
    }

    /** Approvals and rejections that came before their gate. */
    void approvalsKept(List<String> early) {
        approvalsKept = List.copyOf(early);
        changed.run();
    }

    /** Trials that came before the new shape. */
    void trialsKept(List<String> early) {
        trialsKept = List.copyOf(early);
        changed.run();
    }

    void repaired(StatusRepair repair) {
        repairs.add(repair);
        changed.run();
    }

    void tried(TrialReport report) {
        trial = report;
        changed.run();
    }

    /** What a person should read first. */
    void note(String sentence) {
        note = sentence;
        changed.run();
    }

    List<StatusIgnored> ignored() {
        return List.copyOf(ignored);
    }

    /** A hook that could not be told; the newest of each, and how many it has missed. */
    void notTold(String hook, String what) {
        missed.merge(hook, 1, Integer::sum);
        untold.put(hook, what);
        changed.run();
    }

    /** What a person should weigh. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>(approvals.warnings());
        untold.forEach((hook, what) -> warnings.add(
                "The hook '" + hook + "' was not told " + missed.getOrDefault(hook, 0) + " times, last of " + what));
        return warnings;
    }

    Approvals approvals() {
        return approvals;
    }

    /** All that waits for its turn. */
    List<String> kept() {
        return Stream.concat(approvalsKept.stream(), trialsKept.stream()).toList();
    }

    List<StatusRepair> repairs() {
        return List.copyOf(repairs);
    }

    @Nullable
    TrialReport trial() {
        return trial;
    }

    String note() {
        return note;
    }
}
