package runbook.activity;

import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import runbook.hook.WorkerHooks;
import runbook.message.HookCall;
import runbook.message.Notice;
import runbook.workflow.HookActivities;

/** The hooks of this worker. */
public final class HookActivitiesImpl implements HookActivities {

    private final WorkerHooks hooks;

    public HookActivitiesImpl(WorkerHooks hooks) {
        this.hooks = hooks;
    }

    @Override
    public List<HookCall> findHooks(Notice notice) {
        return hooks.wanting(notice);
    }

    @Override
    public void callHook(String hook, Notice notice) {
        String against;
        try {
            against = hooks.tell(hook, notice);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Activity.wrap(e);
        }
        if (!against.isEmpty()) {
            throw Failures.quiet(ApplicationFailure.newFailure(against, "Hook"));
        }
    }
}
