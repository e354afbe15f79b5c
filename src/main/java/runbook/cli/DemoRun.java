package runbook.cli;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import runbook.cli.dev.DevStack;
import runbook.cli.dev.Role;
import runbook.engine.Backfills;
import runbook.engine.Catalog;
import runbook.engine.ImpactFigures;
import runbook.engine.Runs;
import runbook.engine.Scripts;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.engine.account.Accounts;
import runbook.message.Progress;
import runbook.message.Run;
import runbook.message.RunReport;
import runbook.message.Status;
import runbook.message.StatusGate;
import runbook.migrations.Bundled;
import runbook.sample.ApplicationWriter;
import runbook.sample.Oracle;
import runbook.sample.Samples;
import runbook.sample.WriterSettings;
import runbook.worker.RunbookWorker;

/** One migration of the demo, from an empty server to the proof. */
final class DemoRun {

    private static final String MIGRATION = "individual_process_status";
    private static final String APPROVER = "demo-approver";

    /** Longer than any demo takes; a run that hangs ends with a message instead of never. */
    private static final Duration LIMIT = Duration.ofMinutes(15);

    /** Some hundred statements, after the first ones. */
    private static final Duration ALONE = Duration.ofSeconds(6);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final DemoScreen screen;
    private final long rows;
    private final long seed;
    private final boolean rollback;
    private final @Nullable Path html;
    private final Catalog catalog = new Catalog(Bundled.migrations());
    private boolean rollbackAsked;
    private boolean heldUp;
    private boolean retried;

    DemoRun(DemoScreen screen, long rows, long seed, boolean rollback, @Nullable Path html) {
        this.screen = screen;
        this.rows = rows;
        this.seed = seed;
        this.rollback = rollback;
        this.html = html;
    }

    /** Plays it; true only if everything held. */
    boolean play() throws Exception {
        screen.line("starting PostgreSQL and Temporal …");
        Path folder = Files.createTempDirectory("runbook-demo");
        try (DevStack stack = DevStack.start(DevStack.Options.temporary());
                Targets targets = new Targets();
                RunbookWorker worker = Workers.start(stack, catalog, targets)) {
            screen.line("PostgreSQL on port " + stack.postgres().port() + ", Temporal on "
                    + stack.temporal().address()
                    + stack.temporal().uiAddress().map(ui -> ", Web UI " + ui).orElse(" (in this process, no Web UI)"));
            Target target = targets.named(stack.postgres().dev().service(Role.RUNBOOK));
            fill(stack, target);
            try (ApplicationWriter writer = Samples.named(MIGRATION)
                    .writer(WriterSettings.on(() -> stack.postgres().dev().connect(Role.APP)))) {
                screen.line("the application writes: 100 statements a second on 5 connections, as role app;"
                        + " at first alone, to compare with");
                LockSupport.parkNanos(ALONE.toNanos());
                WorkflowStub run = start(worker.connection().client(), stack, target, folder);
                Status end = follow(run, target, writer);
                return prove(stack, target, run, writer, end);
            }
        } finally {
            delete(folder);
        }
    }

    private void fill(DevStack stack, Target target) throws Exception {
        Scripts.createLegacy(target, MIGRATION);
        try (Connection owner = stack.postgres().dev().connect(Role.RUNBOOK)) {
            Samples.named(MIGRATION).create(owner, rows, seed);
        }
        screen.line("legacy database: %,d processes, odd ones among them".formatted(rows));
    }

    private WorkflowStub start(WorkflowClient client, DevStack stack, Target target, Path folder) {
        WorkflowStub run = client.newUntypedWorkflowStub(
                "Migration",
                WorkflowOptions.newBuilder()
                        .setTaskQueue(RunbookWorker.TASK_QUEUE)
                        .setWorkflowId(MIGRATION)
                        .setStaticSummary(MIGRATION + " on " + target.name())
                        .build());
        run.start(Map.of(
                "migration",
                MIGRATION,
                "target",
                target.name(),
                "requestedBy",
                "demo",
                "soak",
                "PT3S",
                "revalidate",
                "PT1S",
                "hold",
                "PT1S",
                // The server in this process knows none.
                "searchAttributes",
                stack.temporal().uiAddress().isPresent(),
                "backups",
                folder.toString()));
        screen.title("workflow " + MIGRATION + " is started; the demo plays the approvers");
        return run;
    }

    private Status follow(WorkflowStub run, Target target, ApplicationWriter writer) {
        while (screen.elapsed().compareTo(LIMIT) < 0) {
            Status status = run.query("status", Status.class);
            screen.status(status);
            StatusGate gate = status.gate();
            if (status.state().equals("waiting") && gate != null) {
                decide(run, gate, writer);
            } else if (status.state().equals("parked") && !retried) {
                retried = true;
                screen.line("demo sends: retry");
                screen.line("  " + run.update("retry", String.class, Map.of("requestedBy", APPROVER)));
            } else if (ended(status) || status.state().equals("parked")) {
                return status;
            }
            if (status.phase().equals("backfill")) {
                Runs.open(target.dsl(), MIGRATION)
                        .map(row -> new Run(MIGRATION, target.name(), row.getId(), row.getEpoch(), MIGRATION, ""))
                        .ifPresent(open -> watchCopy(run, target, open));
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        return run.query("status", Status.class);
    }

    /** A copy that is held up is let go: the demo set a limit that any writing reaches. */
    private void watchCopy(WorkflowStub run, Target target, Run open) {
        Progress progress = Backfills.progress(target, open, catalog.named(MIGRATION));
        screen.slots(Backfills.slots(target, open));
        screen.progress(progress);
        if (!progress.throttled().isEmpty() && !heldUp) {
            heldUp = true;
            screen.line("held up: " + progress.throttled());
            tune(run, Map.of("batchMillis", 40, "workers", 2, "for", "PT10M", "requestedBy", APPROVER));
        }
    }

    private void tune(WorkflowStub run, Map<String, Object> body) {
        screen.line("demo sends: tune " + new TreeMap<>(body));
        screen.line("  " + run.update("tune", String.class, body));
    }

    private void decide(WorkflowStub run, StatusGate gate, ApplicationWriter writer) {
        if (gate.name().equals("cleanup") && rollback) {
            if (!rollbackAsked) {
                rollbackAsked = true;
                screen.line("demo sends: rollback");
                screen.line("  "
                        + run.update(
                                "rollback",
                                String.class,
                                Map.of("requestedBy", APPROVER, "reason", "the demo shows the way back")));
            }
            return;
        }
        if (gate.name().equals("schema")) {
            Map<String, Object> limits = Map.of("walRate", 1_000);
            tune(run, Map.of("batchMillis", 10, "ratio", 5, "limits", limits, "requestedBy", APPROVER));
        }
        if (gate.name().equals("cleanup")) {
            writer.useNewShapeOnly();
            screen.line("the application's next release no longer reads the legacy field");
        }
        String evidence = gate.evidence().substring(0, 8);
        screen.line("demo approves gate " + gate.name() + " on evidence " + evidence);
        run.update(
                "approve",
                String.class,
                Map.of("gate", gate.name(), "evidence", evidence, "approver", APPROVER, "comment", "demo"));
    }

    private static boolean ended(Status status) {
        return List.of("completed", "rejected", "rolled_back", "aborted").contains(status.state());
    }

    private boolean prove(DevStack stack, Target target, WorkflowStub run, ApplicationWriter writer, Status end)
            throws Exception {
        writer.pause();
        screen.title("phases");
        run.query("report", RunReport.class).phases().forEach(screen::phase);
        List<String> violations;
        try (Connection session = stack.postgres().dev().connect(Role.RUNBOOK)) {
            violations =
                    rollback ? Oracle.checkLegacy(session, writer.changes()) : Oracle.check(session, writer.changes());
        }
        String wanted = rollback ? "rolled_back" : "completed";
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("ended", end.state());
        facts.put("copy was held up, then tuned", heldUp);
        facts.put("parked and tried again", retried);
        facts.put("changes by the application", writer.changes().size());
        facts.put("of them through add_status", writer.counts().throughAddStatus());
        facts.put("violations found by plain SQL", violations.size());
        facts.put("errors the application met", writer.applicationErrors().size());
        facts.put("deadlocks", writer.deadlocks());
        facts.putAll(times(target, writer));
        screen.title(
                rollback ? "proof: the old shape holds every write" : "proof: nothing lost, every change in order");
        screen.facts(facts);
        violations.stream().limit(10).forEach(violation -> screen.line("  ! " + violation));
        writer.applicationErrors().stream().limit(10).forEach(error -> screen.line("  ! " + error));
        end.problems().forEach(problem -> screen.line("  ! " + problem));
        screen.line("report: " + Reports.html(target, catalog, MIGRATION, html));
        boolean held = end.state().equals(wanted)
                && !retried
                && violations.isEmpty()
                && writer.applicationErrors().isEmpty()
                && writer.deadlocks() == 0;
        screen.title(held ? "everything held" : "NOT everything held");
        writer.resume();
        return held;
    }

    /** The application's times, which the report then shows too. */
    private Map<String, Object> times(Target target, ApplicationWriter writer) {
        ApplicationTimes.tell(target, Accounts.runs(target, MIGRATION).get(0), writer);
        Map<String, Object> times = new LinkedHashMap<>();
        for (ImpactFigures.Line line :
                Accounts.of(target, MIGRATION, catalog, false).impact()) {
            ImpactFigures.Times told = line.times();
            if (line.what().equals(ImpactFigures.APPLICATION) && told != null) {
                times.put(
                        "application p50/p95/p99 " + line.moment(),
                        "%.1f / %.1f / %.1f ms, %d statements"
                                .formatted(told.p50Millis(), told.p95Millis(), told.p99Millis(), line.samples()));
            }
        }
        return times;
    }

    private static void delete(Path folder) throws java.io.IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
