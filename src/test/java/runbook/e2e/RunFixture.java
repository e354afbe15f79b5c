package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import runbook.Eventually;
import runbook.TestPostgres;
import runbook.activity.HookActivitiesImpl;
import runbook.activity.PhaseActivitiesImpl;
import runbook.activity.RunActivitiesImpl;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.DevTemporal;
import runbook.cli.dev.Role;
import runbook.engine.Catalog;
import runbook.engine.Targets;
import runbook.hook.WorkerHooks;
import runbook.migrations.Bundled;
import runbook.sample.Samples;
import runbook.sample.SqlFolder;
import runbook.worker.RunbookWorker;
import runbook.worker.TemporalAddress;
import runbook.workflow.SignalEvents;
import runbook.workflow.Workflows;

/** A worker, and a person who starts runs with the real {@code temporal} program and looks at what becomes of them. */
final class RunFixture implements AutoCloseable {

    static final String MIGRATION = "individual_process_status";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Enough for every kind of odd row to be there. */
    private static final long FEW = 300;

    private final String target;
    private final Path folder;
    private final TemporalCli temporal;
    private final RunView view;
    private final DevTemporal server;
    private final StartLines starts;
    private final Targets targets = new Targets();
    private @Nullable RunbookWorker worker;

    RunFixture(DevTemporal server, String target, Path folder) {
        this.server = server;
        this.target = target;
        this.folder = folder;
        this.temporal = new TemporalCli(server.address());
        this.view = new RunView(server);
        this.starts = new StartLines(temporal, folder);
    }

    /** Databases with the old shape and a few hundred rows. */
    static TestPostgres legacy() {
        return TestPostgres.prepared("legacy", RunFixture::fill);
    }

    /** The same in an empty database of a server of one's own. */
    static void fill(DevDatabase database) throws SQLException {
        try (Connection owner = database.connect(Role.RUNBOOK)) {
            fill(owner);
        }
    }

    private static void fill(Connection owner) throws SQLException {
        SqlFolder.run(owner, MIGRATION, "legacy");
        Samples.named(MIGRATION).create(owner, FEW, 7);
    }

    /** Starts a worker in this JVM. */
    RunFixture withWorker() {
        return withWorker(TemporalAddress.of(server.address(), server.namespace()));
    }

    /** The same for a namespace, or through a connection, of the test's own. */
    RunFixture withWorker(TemporalAddress address) {
        return withWorker(address, WorkerHooks.NONE);
    }

    /** A worker that tells hooks. */
    RunFixture withWorker(WorkerHooks hooks) {
        return withWorker(TemporalAddress.of(server.address(), server.namespace()), hooks);
    }

    private RunFixture withWorker(TemporalAddress address, WorkerHooks hooks) {
        Catalog catalog = new Catalog(Bundled.migrations());
        worker = RunbookWorker.start(RunbookWorker.Options.at(address)
                .workflows(Workflows.types())
                .interceptors(new SignalEvents())
                .activities(
                        new RunActivitiesImpl(catalog, targets),
                        new PhaseActivitiesImpl(catalog, targets),
                        new HookActivitiesImpl(hooks)));
        return this;
    }

    TemporalCli temporal() {
        return temporal;
    }

    /** Waits for the gate and approves it by a signal, with the evidence that it shows. */
    void approve(String gate) throws Exception {
        view.await(workflow(), "waiting: " + gate);
        String evidence = view.status(workflow()).path("gate").path("evidence").asText();
        signal("approve", Map.of("gate", gate, "evidence", evidence.substring(0, 8), "approver", "alice"));
    }

    /** Sends a signal as alice. */
    void signal(String name, Object body) throws IOException {
        TemporalCli.Printed printed = temporal.signal(workflow(), name, JSON.writeValueAsString(body));
        assertThat(printed.code()).as(printed.all()).isZero();
    }

    /** Sends an update as alice and returns what it printed: the answer, or the refusal. */
    TemporalCli.Printed update(String name, Object body) throws IOException {
        return temporal.run(
                "workflow",
                "update",
                "execute",
                "-w",
                workflow(),
                "--name",
                name,
                "--identity",
                "alice",
                "--input",
                JSON.writeValueAsString(body));
    }

    /** Waits until the run shows that it has taken no notice of these, in this order: the name and the reason of each. */
    void ignores(String... namesAndReasons) throws Exception {
        List<String> expected = List.of(namesAndReasons);
        Eventually.holds(
                expected.size() / 2 + " messages are shown as ignored",
                RunView.PATIENCE,
                () -> ignored().size() >= expected.size());
        assertThat(ignored()).containsExactlyElementsOf(expected);
    }

    private List<String> ignored() {
        List<String> shown = new ArrayList<>();
        view.status(workflow()).path("ignored").forEach(message -> {
            shown.add(message.path("verb").asText());
            shown.add(message.path("reason").asText());
        });
        return shown;
    }

    RunView view() {
        return view;
    }

    /** The usual workflow id for the target of this test. */
    String workflow() {
        return MIGRATION + "@" + target;
    }

    /** An input that asks nobody, waits for nothing and ends with the old shape retired; with these fields changed. */
    Map<String, Object> input(Object... fieldsAndValues) {
        Map<String, Object> input = new TreeMap<>(Map.of(
                "migration",
                MIGRATION,
                "target",
                target,
                "requestedBy",
                "dana",
                "gates",
                List.of("drop"),
                "soak",
                "PT0S",
                "hold",
                "PT0S",
                "drop",
                false,
                "backups",
                folder.resolve("backups").toString()));
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            input.put((String) fieldsAndValues[i], fieldsAndValues[i + 1]);
        }
        return input;
    }

    StartLines starts() {
        return starts;
    }

    /** {@code temporal workflow start --fail-existing}. */
    TemporalCli.Printed start(String workflow, @Nullable Object input) {
        return starts.start(workflow, input);
    }

    /** {@code temporal workflow execute-update-with-start --update-name begin}, which answers with the problems. */
    TemporalCli.Printed begin(String workflow, @Nullable Object input) {
        return starts.begin(workflow, input);
    }

    /** Starts a run that is to be open when this returns. */
    void started(Map<String, Object> input) {
        TemporalCli.Printed printed = start(workflow(), input);
        assertThat(printed.code()).as(printed.all()).isZero();
    }

    /**
     * Starts the run in both ways that people use, and finds in each of them the one error with exactly these problems.
     *
     * @param input the fields, any other value, or {@code null} for none at all
     */
    void refuses(@Nullable Object input, String... problems) throws Exception {
        refusesAs(workflow(), input, problems);
    }

    /** The same under a workflow id of its own. */
    void refusesAs(String workflow, @Nullable Object input, String... problems) throws Exception {
        String expected = message(workflow, input, problems);
        TemporalCli.Printed printed = start(workflow, input);
        assertThat(printed.code()).as(printed.all()).isZero();
        view.await(workflow, "failed");
        assertThat(failure(workflow)).isEqualTo(expected);
        JsonNode status = temporal.status(workflow);
        assertThat(status.path("state").asText()).isEqualTo("rejected");
        assertThat(status.path("problems")).extracting(JsonNode::asText).containsExactly(problems);
        TemporalCli.Printed answered = begin(workflow, input);
        assertThat(answered.code()).as(answered.all()).isEqualTo(1);
        assertThat(answered.err()).contains(expected);
    }

    private static String message(String workflow, @Nullable Object input, String... problems) {
        Object migration = input instanceof Map<?, ?> fields ? fields.get("migration") : null;
        return problems.length + (problems.length == 1 ? " problem" : " problems") + " in the input"
                + (migration == null ? "" : " of " + migration) + ":\n- " + String.join("\n- ", problems)
                + "\nNothing was started. Correct the file, then: temporal workflow start --type Migration -t runbook -w "
                + workflow + " --input-file FILE --fail-existing";
    }

    /** What {@code temporal workflow describe} says about how it failed. */
    private String failure(String workflow) {
        TemporalCli.Printed printed = temporal.run("workflow", "describe", "-w", workflow, "-o", "json");
        assertThat(printed.code()).as(printed.all()).isZero();
        JsonNode described = TemporalCli.json(printed.out());
        return described
                .path("closeEvent")
                .path("workflowExecutionFailedEventAttributes")
                .path("failure")
                .path("message")
                .asText();
    }

    /** Waits until the run is parked in a phase for exactly these problems. */
    void parks(String phase, String... problems) throws Exception {
        view.reach(workflow(), "parked: " + phase);
        JsonNode status = temporal.status(workflow());
        assertThat(status.path("state").asText()).isEqualTo("parked");
        assertThat(status.path("problems")).extracting(JsonNode::asText).containsExactly(problems);
    }

    /** Sends {@code retry} and sees the run to its end. */
    void completesAfterRetry() throws Exception {
        signal("retry", Map.of("requestedBy", "alice"));
        Eventually.holds("the run tries again", RunView.PATIENCE, () -> !view.state(workflow())
                .startsWith("parked"));
        view.await(workflow(), "completed");
    }

    /** Starts a run that nothing is wrong with and sees it to its end. */
    void completes(Map<String, Object> input) throws Exception {
        started(input);
        view.await(workflow(), "completed");
    }

    @Override
    public void close() {
        starts.taken().forEach(view::terminate);
        if (worker != null) {
            worker.close();
            worker = null;
        }
        targets.close();
        view.close();
    }
}
