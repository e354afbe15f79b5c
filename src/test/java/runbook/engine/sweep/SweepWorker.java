package runbook.engine.sweep;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import runbook.activity.PhaseActivitiesImpl;
import runbook.activity.RunActivitiesImpl;
import runbook.engine.Catalog;
import runbook.engine.Targets;
import runbook.message.CopyRequest;
import runbook.message.Limits;
import runbook.message.PhaseRequest;
import runbook.message.Tune;
import runbook.message.Tuning;
import runbook.migrations.Bundled;
import runbook.workflow.PhaseActivities;
import runbook.workflow.RunActivities;

/**
 * The program of a worker that copies and does nothing else: the activity itself, tried again as Temporal would try it,
 * only sooner. It ends with 0 when nothing is left to copy, with 3 when nobody would try again.
 */
final class SweepWorker {

    static final int GIVEN_UP = 3;

    /** Temporal waits for six seconds; a sweep has no time for that. */
    private static final long NEXT_TRY_MILLIS = 50;

    /** The test environment's own limit of a second is nothing on a busy machine. */
    private static final ActivityOptions AS_IN_A_RUN = ActivityOptions.newBuilder()
            .setStartToCloseTimeout(Duration.ofDays(30))
            .setHeartbeatTimeout(Duration.ofSeconds(60))
            .build();

    private final Catalog catalog = new Catalog(Bundled.migrations());
    private final Targets targets;
    private final PhaseRequest request;
    private final int tries;

    private SweepWorker(Targets targets, PhaseRequest request, int tries) {
        this.targets = targets;
        this.request = request;
        this.tries = tries;
    }

    /**
     * Waits for a sign on its standard input, so that another can stand by while one works.
     *
     * @param arguments the file with the request, the number of slots, and how often each is tried
     */
    public static void main(String[] arguments) throws Exception {
        // A slot that dies of anything else must not look like one that has nothing left to copy.
        Thread.setDefaultUncaughtExceptionHandler((slot, fault) -> {
            fault.printStackTrace();
            Runtime.getRuntime().halt(GIVEN_UP);
        });
        try (Targets targets = new Targets()) {
            SweepWorker worker = new SweepWorker(targets, read(Path.of(arguments[0])), Integer.parseInt(arguments[2]));
            TestActivityEnvironment[] environments = new TestActivityEnvironment[Integer.parseInt(arguments[1])];
            Arrays.setAll(environments, slot -> worker.environment());
            if (System.in.read() < 0) {
                return;
            }
            worker.tune(environments[0]);
            Thread[] slots = new Thread[environments.length];
            for (int i = 0; i < slots.length; i++) {
                int slot = i;
                slots[i] = new Thread(() -> worker.copy(environments[slot], slot), "slot " + i);
                slots[i].start();
            }
            for (Thread slot : slots) {
                slot.join();
            }
        }
        System.exit(0);
    }

    /** One for each slot: it has one thread for all of its activities. */
    private TestActivityEnvironment environment() {
        TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
        temporal.registerActivitiesImplementations(
                new RunActivitiesImpl(catalog, targets), new PhaseActivitiesImpl(catalog, targets));
        return temporal;
    }

    private static PhaseRequest read(Path file) throws IOException {
        return json().readValue(file.toFile(), PhaseRequest.class);
    }

    /** Requests travel as they do in a history. */
    static ObjectMapper json() {
        return JacksonJsonPayloadConverter.newDefaultObjectMapper();
    }

    /**
     * Asks for batches as short as a person may, and a rest in between, which makes many of few rows. Each worker asks
     * again, as an activity does whose answer was lost.
     */
    private void tune(TestActivityEnvironment temporal) {
        RunActivities ofRun = temporal.newActivityStub(RunActivities.class, AS_IN_A_RUN);
        Tuning brief = new Tuning(10, 0, 1, Limits.USUAL);
        Tune tune = new Tune(request.run(), brief, null, "dana", "many batches", "tune/1");
        untilDone("tune", () -> ofRun.tune(tune));
    }

    private void copy(TestActivityEnvironment temporal, int slot) {
        PhaseActivities ofPhase = temporal.newActivityStub(PhaseActivities.class, AS_IN_A_RUN);
        untilDone("slot " + slot, () -> ofPhase.copyRanges(new CopyRequest(request, 0, slot)));
    }

    private void untilDone(String what, Runnable activity) {
        for (int attempt = 1; ; attempt++) {
            try {
                activity.run();
                return;
            } catch (ActivityFailure e) {
                if (!(e.getCause() instanceof ApplicationFailure failure)) {
                    throw e;
                }
                System.out.println(what + ", attempt " + attempt + ": " + failure.getOriginalMessage());
                if (failure.isNonRetryable() || attempt == tries) {
                    System.out.flush();
                    Runtime.getRuntime().halt(GIVEN_UP);
                }
            }
            rest();
        }
    }

    private static void rest() {
        try {
            TimeUnit.MILLISECONDS.sleep(NEXT_TRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
