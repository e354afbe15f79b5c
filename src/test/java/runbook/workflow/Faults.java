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

/** How activities end that do not just succeed, and which of them do not end yet. */
class Faults {

    private final Map<String, List<String>> endings = new ConcurrentHashMap<>();
    private final Set<String> held = ConcurrentHashMap.newKeySet();

    /** Lets the next calls end as told: {@code failed}, {@code strayed}, {@code not verified}, {@code again in PT1H}, or a message. */
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
}
