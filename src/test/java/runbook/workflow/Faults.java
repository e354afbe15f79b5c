package runbook.workflow;

import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import runbook.message.CheckVerdict;
import runbook.message.PhaseReport;
import runbook.message.Verdict;

/** How activities end that do not just succeed, and which of them do not end yet. */
class Faults {

    private final Map<String, List<String>> endings = new ConcurrentHashMap<>();
    private final Set<String> held = ConcurrentHashMap.newKeySet();

    /** Lets the next calls end as told: {@code failed}, {@code strayed}, {@code both}, {@code not verified}, {@code again in PT1H}, or a message. */
    public void fault(String activity, String... next) {
        endings.put(activity, new CopyOnWriteArrayList<>(next));
    }

    /** Keeps an activity from ending until it is released or cancelled. */
    public void hold(String activity) {
        held.add(activity);
    }

    public void release(String activity) {
        held.remove(activity);
    }

    public void releaseAll() {
        held.clear();
    }

    /** The word that the activity is to end with, empty for a success; or what it throws. */
    final String ending(String activity) {
        while (held.contains(activity)) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            Activity.getExecutionContext().heartbeat(activity);
        }
        List<String> left = endings.getOrDefault(activity, List.of());
        String ending = left.isEmpty() ? "" : left.remove(0);
        if (ending.startsWith("again in ")) {
            throw ApplicationFailure.newBuilder()
                    .setMessage("The connection was lost.")
                    .setType("SQLSTATE 08006")
                    .setNextRetryDelay(Duration.parse(ending.substring("again in ".length())))
                    .build();
        }
        if (ending.contains(" ") && !ending.equals("not verified")) {
            throw ApplicationFailure.newNonRetryableFailure(ending, "Parked");
        }
        return ending;
    }

    /** What a phase reports that ends as told. */
    final PhaseReport reported(String activity) {
        String ending = ending(activity);
        if (ending.isEmpty()) {
            CheckVerdict check = new CheckVerdict("every row is there", "blocking", Verdict.PASSED, 0, "");
            return new PhaseReport(Verdict.PASSED, activity + " ok", List.of(check), Map.of("rows", 7L), List.of());
        }
        if (ending.equals("both")) {
            CheckVerdict strayed = new CheckVerdict(CheckVerdict.SWITCHES, "blocking", Verdict.FAILED, 0, "");
            CheckVerdict failed = new CheckVerdict("every row is there", "blocking", Verdict.FAILED, 3, "");
            List<String> problems = List.of("A flag was put back.", "3 rows differ.");
            return new PhaseReport(Verdict.FAILED, activity, List.of(strayed, failed), Map.of(), problems);
        }
        Verdict verdict = ending.equals("failed") || ending.equals("strayed") ? Verdict.FAILED : Verdict.NOT_VERIFIED;
        String claim = ending.equals("strayed") ? CheckVerdict.SWITCHES : "every row is there";
        String problem = ending.equals("strayed") ? "A flag was put back." : "3 rows differ.";
        CheckVerdict check = new CheckVerdict(claim, "blocking", verdict, 3, "");
        return new PhaseReport(verdict, activity + " " + ending, List.of(check), Map.of(), List.of(problem));
    }
}
