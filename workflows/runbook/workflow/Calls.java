package runbook.workflow;

import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import runbook.message.HookCall;

/** How activities are called: how long each may take, how often it is tried, and its line in the timeline. */
final class Calls {

    /** A worker that dies is noticed after this long; a server that is away for less goes unnoticed. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(60);

    /** Longer than a worker needs to stop, so that a stop burns one attempt and not two. */
    private static final Duration FIRST_RETRY = Duration.ofSeconds(6);

    /** What it takes to end a command, and to say so. */
    private static final Duration HOOK_STOPS = Duration.ofSeconds(10);

    /** What trying again does not cure: a person has to look. */
    private static final String[] FINAL = {
        "Parked",
        "Fenced",
        "Unexpected",
        NullPointerException.class.getName(),
        IllegalArgumentException.class.getName(),
        IllegalStateException.class.getName(),
        UnsupportedOperationException.class.getName(),
    };

    private Calls() {}

    /** Work on the target that takes as long as the tables are big, and is taken up where it stopped. */
    static PhaseActivities endless(String summary) {
        return phase(summary, Duration.ofDays(30), 0);
    }

    /** Work on the target; after some twenty minutes of failures a person is asked. */
    static PhaseActivities within(Duration limit, String summary) {
        return phase(summary, limit, 20);
    }

    /** A few statements on the engine's own tables; people wait for the answer. */
    static RunActivities run(String summary) {
        return run(summary, Duration.ofMinutes(1), 10);
    }

    /** The same, for what may look at whole tables. */
    static RunActivities patient(String summary) {
        return run(summary, Duration.ofMinutes(10), 5);
    }

    /** A look that is worth one attempt and no more. */
    static RunActivities glance(String summary) {
        return run(summary, Duration.ofSeconds(20), 1);
    }

    /** What nobody waits for: tried until it is done. */
    static RunActivities beside(String summary) {
        return run(summary, Duration.ofSeconds(20), 0);
    }

    /** A look into the worker's memory: one event in the history instead of six. */
    static HookActivities hooks() {
        return Workflow.newLocalActivityStub(
                HookActivities.class,
                LocalActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofSeconds(5))
                        .setDoNotIncludeArgumentsIntoMarker(true)
                        .build());
    }

    /** A hook's own limits; the worker ends it when its time is over, so more than that means that the worker is gone. */
    static HookActivities hook(HookCall call, String summary) {
        return Workflow.newActivityStub(
                HookActivities.class,
                ActivityOptions.newBuilder()
                        .setSummary(summary)
                        .setStartToCloseTimeout(call.limit().plus(HOOK_STOPS))
                        .setRetryOptions(RetryOptions.newBuilder()
                                .setMaximumInterval(Duration.ofMinutes(1))
                                .setMaximumAttempts(call.attempts())
                                .build())
                        .build());
    }

    private static RunActivities run(String summary, Duration each, int attempts) {
        return Workflow.newActivityStub(
                RunActivities.class,
                ActivityOptions.newBuilder()
                        .setSummary(summary)
                        .setStartToCloseTimeout(each)
                        .setRetryOptions(RetryOptions.newBuilder()
                                .setMaximumInterval(Duration.ofSeconds(20))
                                .setMaximumAttempts(attempts)
                                .setDoNotRetry(FINAL)
                                .build())
                        .build());
    }

    private static PhaseActivities phase(String summary, Duration limit, int attempts) {
        return Workflow.newActivityStub(
                PhaseActivities.class,
                ActivityOptions.newBuilder()
                        .setSummary(summary)
                        .setStartToCloseTimeout(limit)
                        .setHeartbeatTimeout(HEARTBEAT)
                        .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                        .setRetryOptions(RetryOptions.newBuilder()
                                .setInitialInterval(FIRST_RETRY)
                                .setMaximumInterval(Duration.ofMinutes(1))
                                .setMaximumAttempts(attempts)
                                .setDoNotRetry(FINAL)
                                .build())
                        .build());
    }
}
