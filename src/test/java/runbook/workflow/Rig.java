package runbook.workflow;

import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.common.SearchAttributeKey;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerFactoryOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import runbook.Eventually;
import runbook.message.Outcome;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.RunReport;
import runbook.message.StartInput;
import runbook.message.Status;
import runbook.message.StatusGate;
import runbook.message.StatusIgnored;

/** Temporal's in-process server, a worker, a fake target, and what a person does with a run. */
public final class Rig implements AutoCloseable {

    public static final String ID = "individual_process_status";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    public final FakeTarget target = new FakeTarget();
    public final TestWorkflowEnvironment temporal;
    public final String id;
    private final String queue;
    private final OneWorker worker;
    private @Nullable WorkflowStub run;

    public Rig() {
        this(false);
    }

    /** A forgetful worker replays the whole history for each workflow task. */
    public Rig(boolean forgetful) {
        this(forgetful, ID, "runbook", Build::today, TestEnvironmentOptions.newBuilder());
    }

    /** With a worker of this build. */
    Rig(Build build) {
        this(false, ID, "runbook", build, TestEnvironmentOptions.newBuilder());
    }

    /** With a worker that others may take over from. */
    static Rig handedOver() {
        return new Rig(false, ID, "runbook", Build::today, OneWorker.replaceable());
    }

    /** On a server that others use as well. */
    public static Rig on(String address, boolean forgetful) {
        String own = UUID.randomUUID().toString();
        return new Rig(
                forgetful,
                ID + "@" + own,
                own,
                Build::today,
                TestEnvironmentOptions.newBuilder().setUseExternalService(true).setTarget(address));
    }

    private Rig(boolean forgetful, String id, String queue, Build build, TestEnvironmentOptions.Builder options) {
        this.id = id;
        this.queue = queue;
        temporal = TestWorkflowEnvironment.newInstance(options.setWorkflowClientOptions(
                        WorkflowClientOptions.newBuilder().setIdentity("alice").build())
                .setWorkerFactoryOptions(WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(new SignalEvents())
                        .setWorkflowCacheSize(forgetful ? 0 : 100)
                        .build())
                .registerSearchAttribute("RunbookState", IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD)
                .build());
        worker = new OneWorker(temporal, queue, target);
        worker.employ(build);
    }

    /** Ends the worker, whatever it is doing; one of another build takes over. */
    Rig takenOverBy(Build build) {
        worker.replace(build);
        return this;
    }

    /** A good input, with fields added or replaced. */
    public static Map<String, Object> input(Object... fields) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("migration", ID);
        input.put("target", "dev");
        input.put("requestedBy", "carol");
        input.put("soak", "PT1H");
        input.put("revalidate", "PT30M");
        input.put("hold", "PT2H");
        input.putAll(body(fields));
        return input;
    }

    /** A message's body of names and values. */
    public static Map<String, Object> body(Object... fields) {
        Map<String, Object> body = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            body.put((String) fields[i], fields[i + 1]);
        }
        return body;
    }

    public WorkflowStub unstarted() {
        return unstarted(WorkflowOptions.newBuilder());
    }

    public WorkflowStub unstarted(WorkflowOptions.Builder options) {
        WorkflowStub stub = temporal.getWorkflowClient()
                .newUntypedWorkflowStub(
                        "Migration",
                        options.setWorkflowId(id).setTaskQueue(queue).build());
        run = stub;
        return stub;
    }

    /** A child that an earlier run left behind. */
    public void orphan(String type, String phase) {
        Run row = new Run(ID, "dev", 1, 1, ID, "an-earlier-run");
        temporal.getWorkflowClient()
                .newUntypedWorkflowStub(
                        type,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(ID + "/" + phase)
                                .setTaskQueue(queue)
                                .build())
                .start(new PhaseRequest(
                        row, StartInput.of(input()).start(), Phase.valueOf(phase.toUpperCase(Locale.ROOT)), 1));
    }

    public Rig start(@Nullable Object... input) {
        unstarted().start(input);
        return this;
    }

    public WorkflowStub run() {
        WorkflowStub started = run;
        if (started == null) {
            throw new IllegalStateException("nothing was started");
        }
        return started;
    }

    public Status status() {
        return run().query("status", Status.class);
    }

    public RunReport report() {
        return run().query("report", RunReport.class);
    }

    /** What the Web UI shows, through the query that it uses. */
    public String details() {
        return DetailsRules.held(Metadata.of(run()).currentDetails());
    }

    public Rig reaches(String phase, String state) throws Exception {
        String[] seen = {""};
        try {
            Eventually.holds(phase + " " + state, PATIENCE, () -> {
                Status status = status();
                seen[0] = status.toString();
                return status.phase().equals(phase) && status.state().equals(state);
            });
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + "; status: " + seen[0] + "; calls: " + target.calls, late);
        }
        return this;
    }

    /** Waits for an activity to be called. */
    public Rig calls(String activity) throws Exception {
        Eventually.holds("calls " + activity, PATIENCE, () -> target.calls.contains(activity));
        return this;
    }

    /** Waits until the page about the run begins like this. */
    public Rig details(String beginning) throws Exception {
        Eventually.holds(
                "the details say " + beginning, PATIENCE, () -> details().startsWith(beginning));
        return this;
    }

    public StatusGate gate(String name) throws Exception {
        Eventually.holds("the gate " + name + " waits", PATIENCE, () -> {
            StatusGate gate = status().gate();
            return gate != null && gate.name().equals(name);
        });
        StatusGate gate = status().gate();
        if (gate == null) {
            throw new AssertionError("the gate " + name + " closed by itself");
        }
        return gate;
    }

    public Map<String, Object> approval(String gate) throws Exception {
        return body("gate", gate, "evidence", gate(gate).evidence().substring(0, 8), "approver", "alice");
    }

    public Rig approve(String gate) throws Exception {
        run().signal("approve", approval(gate));
        return this;
    }

    /** The same from the client of somebody else; nobody has no identity at all. */
    public Rig approveAs(String identity, String gate) throws Exception {
        WorkflowClient.newInstance(
                        temporal.getWorkflowServiceStubs(),
                        WorkflowClientOptions.newBuilder().setIdentity(identity).build())
                .newUntypedWorkflowStub(id)
                .signal("approve", approval(gate));
        return this;
    }

    public Rig signal(String verb, Object... fields) {
        run().signal(verb, body(fields));
        return this;
    }

    public String update(String verb, Object... fields) {
        return run().update(verb, String.class, body(fields));
    }

    /** The sentence with which an update is refused. */
    public String refusal(String verb, Object... fields) {
        try {
            String answer = update(verb, fields);
            throw new AssertionError(verb + " was taken: " + answer);
        } catch (WorkflowUpdateException refused) {
            return String.valueOf(refused.getCause() == null ? refused.getMessage() : message(refused.getCause()));
        }
    }

    private static String message(Throwable cause) {
        return cause instanceof io.temporal.failure.ApplicationFailure failure
                ? failure.getOriginalMessage()
                : String.valueOf(cause.getMessage());
    }

    /** Waits until a message was ignored, and tells it. */
    public StatusIgnored ignored(String verb) throws Exception {
        List<StatusIgnored> found = new ArrayList<>();
        Eventually.holds(verb + " is ignored", PATIENCE, () -> {
            status().ignored().stream()
                    .filter(message -> message.verb().equals(verb))
                    .forEach(found::add);
            return !found.isEmpty();
        });
        return found.get(found.size() - 1);
    }

    /** Lets time pass, timers and all. */
    public Rig sleep(Duration time) {
        temporal.sleep(time);
        return this;
    }

    /** Waits for the end while timers are skipped. */
    public Outcome outcome() {
        return run().getResult(Outcome.class);
    }

    public WorkflowExecutionStatus temporalStatus() {
        return run().describe().getStatus();
    }

    public @Nullable String searchAttribute() {
        return run().describe().getTypedSearchAttributes().get(SearchAttributeKey.forKeyword("RunbookState"));
    }

    /** What Temporal has kept of the run. */
    public Past past() {
        return new Past(temporal.getWorkflowClient(), id);
    }

    @Override
    public void close() {
        target.releaseAll();
        worker.end();
        temporal.close();
    }
}
