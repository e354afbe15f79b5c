package runbook.workflow;

import io.temporal.activity.ActivityInterface;
import java.util.List;
import runbook.message.HookCall;
import runbook.message.Notice;

/** What is told to others. The run knows hooks by name only; the rest is in the worker's file. */
@ActivityInterface
public interface HookActivities {

    /** Which hooks want to hear of it. Looks into the worker's memory and does nothing else, so it ends at once. */
    List<HookCall> findHooks(Notice notice);

    /** Tells one of them; fails unless it agrees. May run twice, with the same notice. */
    void callHook(String hook, Notice notice);
}
