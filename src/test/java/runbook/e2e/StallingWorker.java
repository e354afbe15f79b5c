package runbook.e2e;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.interceptors.ActivityExecutionContextBase;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import runbook.activity.HookActivitiesImpl;
import runbook.activity.PhaseActivitiesImpl;
import runbook.activity.RunActivitiesImpl;
import runbook.engine.Catalog;
import runbook.engine.Targets;
import runbook.hook.WorkerHooks;
import runbook.migrations.Bundled;
import runbook.worker.RunbookWorker;
import runbook.worker.TemporalAddress;
import runbook.workflow.SignalEvents;
import runbook.workflow.Workflows;

/** The program of a worker that stops dead at one point, and is killed there by the test that started it. */
final class StallingWorker {

    private StallingWorker() {}

    /**
     * Arguments: Temporal's address, the ready file, the file that tells of the stall, and the point: {@code during} or
     * {@code after} and the type of an activity; {@code never} to stall at none.
     */
    public static void main(String[] arguments) throws InterruptedException {
        Catalog catalog = new Catalog(Bundled.migrations());
        Targets targets = new Targets();
        RunbookWorker.start(RunbookWorker.Options.at(TemporalAddress.of(arguments[0], "default"))
                .workflows(Workflows.types())
                .interceptors(new SignalEvents(), new Point(arguments[3], Path.of(arguments[2])))
                .activities(
                        new RunActivitiesImpl(catalog, targets),
                        new PhaseActivitiesImpl(catalog, targets),
                        new HookActivitiesImpl(WorkerHooks.NONE))
                .readyFile(Path.of(arguments[1])));
        new CountDownLatch(1).await();
    }

    /** Stalls in the middle of an activity, or when it is done and nobody has been told. */
    private static final class Point extends WorkerInterceptorBase {

        /** The first beat comes before anything is done. */
        private static final int IN_THE_MIDDLE = 2;

        private final String point;
        private final Path told;

        Point(String point, Path told) {
            this.point = point;
            this.told = told;
        }

        @Override
        public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
            return new ActivityInboundCallsInterceptorBase(next) {
                private String type = "";

                @Override
                public void init(ActivityExecutionContext context) {
                    type = context.getInfo().getActivityType();
                    super.init(point.equals("during " + type) ? stallingBeats(context) : context);
                }

                @Override
                public ActivityOutput execute(ActivityInput input) {
                    ActivityOutput done = super.execute(input);
                    if (point.equals("after " + type)) {
                        stall();
                    }
                    return done;
                }
            };
        }

        private ActivityExecutionContext stallingBeats(ActivityExecutionContext context) {
            return new ActivityExecutionContextBase(context) {
                private int beats;

                @Override
                public <V> void heartbeat(V details) throws ActivityCompletionException {
                    super.heartbeat(details);
                    beats++;
                    if (beats == IN_THE_MIDDLE) {
                        stall();
                    }
                }
            };
        }

        private void stall() {
            try {
                Files.writeString(told, point);
                new CountDownLatch(1).await();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
