package runbook.cli;

import runbook.activity.HookActivitiesImpl;
import runbook.activity.PhaseActivitiesImpl;
import runbook.activity.RunActivitiesImpl;
import runbook.cli.dev.DevStack;
import runbook.engine.Catalog;
import runbook.engine.Targets;
import runbook.hook.WorkerHooks;
import runbook.worker.RunbookWorker;
import runbook.worker.TemporalAddress;
import runbook.workflow.SignalEvents;
import runbook.workflow.Workflows;

/** The one place that knows which workflows and activities a worker has, for {@code worker}, {@code dev} and {@code demo}. */
final class Workers {

    private Workers() {}

    /** A worker of everything that polls; the targets stay the caller's to close, after the worker. */
    static RunbookWorker start(DevStack stack, Catalog catalog, Targets targets) {
        String ui = stack.temporal().uiAddress().orElse("");
        return RunbookWorker.start(options(stack.address(), ui, catalog, targets, WorkerHooks.NONE));
    }

    /**
     * The same before it is started, for a caller who wants a ready file.
     *
     * @param ui the address of the Web UI; empty where it is not known
     */
    static RunbookWorker.Options options(
            TemporalAddress address, String ui, Catalog catalog, Targets targets, WorkerHooks hooks) {
        return RunbookWorker.Options.at(address)
                .workflows(Workflows.types())
                .activities(
                        new RunActivitiesImpl(catalog, targets, ui),
                        new PhaseActivitiesImpl(catalog, targets),
                        new HookActivitiesImpl(hooks))
                .interceptors(new SignalEvents());
    }
}
