package runbook.workflow;

import io.temporal.activity.Activity;
import io.temporal.client.WorkflowClient;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import runbook.message.Act;
import runbook.message.Admission;
import runbook.message.Admit;
import runbook.message.Approval;
import runbook.message.Attest;
import runbook.message.Attestation;
import runbook.message.Control;
import runbook.message.Copy;
import runbook.message.End;
import runbook.message.Evidence;
import runbook.message.PhaseRequest;
import runbook.message.Progress;
import runbook.message.RepairReport;
import runbook.message.RepairRequest;
import runbook.message.RequeueReport;
import runbook.message.RequeueRequest;
import runbook.message.Run;
import runbook.message.StagePlan;
import runbook.message.TrialReport;
import runbook.message.TrialRequest;
import runbook.message.Tune;

/** A target that does what a test tells it to, and remembers every call. */
public final class FakeTarget extends FakePhases implements RunActivities, HookActivities {

    /** The acts and controls that were audited, by their key: once each. */
    public final Map<String, String> audit = new ConcurrentHashMap<>();

    private final List<String> blocking = new CopyOnWriteArrayList<>();
    private final List<String> resumes = new CopyOnWriteArrayList<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private volatile long throttledMillis;
    private volatile int decision;
    private volatile int slots = 1;
    private volatile int readings;
    private volatile Duration bake = Duration.ofMinutes(10);

    public void block(String... reasons) {
        blocking.clear();
        blocking.addAll(List.of(reasons));
    }

    /** Changes what people decide on. */
    public void changeDecision() {
        decision++;
    }

    public void resume(String... whats) {
        resumes.addAll(List.of(whats));
    }

    public void refuse(String... reasons) {
        problems.clear();
        problems.addAll(List.of(reasons));
    }

    public void slots(int count) {
        slots = count;
    }

    public void bake(Duration time) {
        bake = time;
    }

    public void readings(int count) {
        readings = count;
    }

    @Override
    public Admission admit(Admit admit) {
        done("admit");
        List<String> all = new ArrayList<>(admit.problems());
        all.addAll(problems);
        if (!all.isEmpty()) {
            return Admission.refused(all);
        }
        Run run = new Run(
                admit.start().migration(),
                admit.start().target(),
                1,
                (int) count("admit"),
                admit.workflowId(),
                admit.workflowRun());
        String resume = resumes.isEmpty() ? "nothing" : resumes.remove(0);
        WorkflowClient client = Activity.getExecutionContext().getWorkflowClient();
        Attestation starter = new Past(client, admit.workflowId()).starter();
        return new Admission(List.of(), run, resume, "Moves one column.", starter);
    }

    @Override
    public Evidence gatherEvidence(PhaseRequest phase, String gate) {
        done("evidence " + gate);
        String decided = gate + "/" + decision + "/" + phase.run().workflowRun();
        return new Evidence(
                gate,
                "%08x".formatted(decided.hashCode()).repeat(8),
                decided,
                "{}",
                "8 checks passed, 0 failed, 1 not verified.",
                List.copyOf(blocking));
    }

    @Override
    public Attestation attest(Attest attest) {
        done("attest " + attest.gate());
        WorkflowClient client = Activity.getExecutionContext().getWorkflowClient();
        return new Past(client, attest.run().workflowId())
                .sender(attest)
                .orElseThrow(() -> ApplicationFailure.newNonRetryableFailure("no such event: " + attest, "Parked"));
    }

    @Override
    public void keepApproval(Approval approval) {
        done("keep " + approval.evidence().gate());
    }

    @Override
    public void audit(Act act) {
        done("audit " + act.act());
        audit.put(act.once(), act.act() + " " + act.subject() + " by " + act.who());
    }

    @Override
    public void control(Control control) {
        done("control " + control.wanted());
        audit.put(control.once(), control.wanted() + " by " + control.requestedBy());
    }

    @Override
    public void tune(Tune tune) {
        done("tune " + tune.tuning().words());
        audit.put(tune.once(), "tune by " + tune.requestedBy());
    }

    @Override
    public Progress readProgress(Run run) {
        done("progress");
        return new Progress(
                "history",
                1000,
                900,
                90,
                10,
                610,
                120,
                "4 to 6 min",
                "40 rows, first",
                throttledMillis == 0 ? "" : "lock waiters",
                throttledMillis,
                Map.of());
    }

    public void throttled(Duration lasting) {
        throttledMillis = lasting.toMillis();
    }

    @Override
    public void end(End end) {
        done("end " + end.outcome().word());
    }

    @Override
    public TrialReport bringOverOne(TrialRequest trial) {
        String call = "trial " + trial.key();
        String ending = done(call);
        if (ending.equals("refused")) {
            return TrialReport.refused("There is no such unit.");
        }
        List<String> issues = ending.equals("issues") ? List.of("No status records found") : List.of();
        Map<String, Object> found = new TreeMap<>();
        found.put("issues", issues);
        found.put("statusMatches", "true");
        return new TrialReport("", false, issues, found);
    }

    @Override
    public List<Copy> openBackfill(PhaseRequest phase) {
        done("openBackfill");
        return List.of(new Copy(0, "history", slots));
    }

    @Override
    public RepairReport repair(RepairRequest repair) {
        String ending = done("repair " + repair.repair() + (repair.dryRun() ? " dry" : ""));
        return new RepairReport(
                ending.equals("refused") ? "Unknown repair." : "",
                "legacy wins",
                repair.dryRun(),
                ending.equals("keyless") ? 0 : 3,
                ending.endsWith("less") ? 0 : 3);
    }

    @Override
    public RequeueReport requeue(RequeueRequest requeue) {
        done("requeue");
        return new RequeueReport(3, 1);
    }

    @Override
    public List<StagePlan> planStages(PhaseRequest phase) {
        done("planStages");
        return List.of(
                new StagePlan(0, "readers", bake, Duration.ofMinutes(1), readings),
                new StagePlan(1, "writers", Duration.ZERO, Duration.ZERO, 0));
    }
}
