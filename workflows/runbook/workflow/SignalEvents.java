package runbook.workflow;

import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.workflow.WorkflowThreadLocal;

/**
 * Tells a signal's handler the number of its event in the run's history, by which an activity finds out who sent it.
 * Every worker has it in {@code WorkerFactoryOptions.setWorkerInterceptors}; without it the number is 0.
 */
public final class SignalEvents extends WorkerInterceptorBase {

    private static final WorkflowThreadLocal<Long> EVENT = WorkflowThreadLocal.withInitial(() -> 0L);

    @Override
    public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
        return new WorkflowInboundCallsInterceptorBase(next) {
            @Override
            public void handleSignal(SignalInput input) {
                EVENT.set(input.getEventId());
                super.handleSignal(input);
            }
        };
    }

    static long current() {
        return EVENT.get();
    }
}
