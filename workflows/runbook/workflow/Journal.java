package runbook.workflow;

import io.temporal.common.SearchAttributeKey;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import runbook.message.Evidence;
import runbook.message.Outcome;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Progress;
import runbook.message.Run;
import runbook.message.RunReport;
import runbook.message.Start;
import runbook.message.StartInput;
import runbook.message.Status;
import runbook.message.StatusApproval;
import runbook.message.StatusBackfill;
import runbook.message.StatusGate;
import runbook.message.StatusIgnored;
import runbook.message.StatusRepair;
import runbook.message.TrialReport;

/** What happened so far and where the run stands. All that people see is written from here, after every change. */
final class Journal {

    private static final SearchAttributeKey<String> STATE = SearchAttributeKey.forKeyword("RunbookState");

    /** The newest messages that changed nothing; a storm of them must not fill the worker's memory. */
    private static final int IGNORED = 100;

    private Start start = StartInput.of(null).start();
    private @Nullable Run run;
    private String summary = "";
    private List<String> refused = List.of();
    private List<String> parked = List.of();
    private String place = Phase.ASSESSMENT.word();
    private boolean paused;
    private boolean cleanupApproved;
    private boolean retired;
    private @Nullable Leave leaving;
    private @Nullable Outcome outcome;
    private @Nullable Evidence evidence;
    private @Nullable Instant until;
    private final PhaseTable phases = new PhaseTable();
    private final List<StatusIgnored> ignored = new ArrayList<>();
    private final List<StatusApproval> approvals = new ArrayList<>();
    private final List<StatusRepair> repairs = new ArrayList<>();
    private List<String> kept = List.of();
    private Progress progress = Progress.none();
    private @Nullable TrialReport trial;
    private String note = "";
    private String shownState = "";

    static Instant now() {
        return Instant.ofEpochMilli(Workflow.currentTimeMillis());
    }

    // What the run is.

    void asked(Start input) {
        start = input;
    }

    void admitted(Run opened, String about) {
        run = opened;
        summary = about;
        TreeMap<String, Object> memo = new TreeMap<>();
        memo.put("target", start.target());
        memo.put("requestedBy", start.requestedBy());
        Workflow.upsertMemo(memo);
        publish();
    }

    void refused(List<String> problems) {
        refused = List.copyOf(problems);
        publish();
    }

    Start start() {
        return start;
    }

    /** The run's row, salted with the id of this run: after a reset an old approval must not fit. */
    Run run() {
        Run opened = run;
        if (opened == null) {
            throw new IllegalStateException("the run was not admitted yet");
        }
        return new Run(
                opened.migration(),
                opened.target(),
                opened.id(),
                opened.epoch(),
                opened.workflowId(),
                Workflow.getInfo().getRunId());
    }

    boolean begun() {
        return run != null;
    }

    /** Asks for something that belongs to a phase, in its newest attempt. */
    PhaseRequest request(Phase phase) {
        return new PhaseRequest(
                run(), start, phase, Math.max(1, phases.line(phase.word()).attempt()));
    }

    /** Names an act, so that it is carried out once however often its activity runs. */
    String once(Message message) {
        return Workflow.getInfo().getRunId() + "/" + message.word() + "/" + message.number();
    }

    /** The same for what the run does of itself. */
    String once(String act) {
        return Workflow.getInfo().getRunId() + "/" + act;
    }

    // Where it stands.

    void enter(String where) {
        place = where;
        publish();
    }

    String place() {
        return place;
    }

    int begin(String phase) {
        int attempt = phases.begin(phase, now());
        publish();
        return attempt;
    }

    void end(String phase, PhaseReport report) {
        phases.end(phase, report, now());
        publish();
    }

    boolean began(Phase phase) {
        return phases.line(phase.word()).attempt() > 0;
    }

    void pause(boolean wanted) {
        paused = wanted;
        publish();
    }

    boolean paused() {
        return paused;
    }

    void park(List<String> problems) {
        parked = problems.isEmpty() ? List.of("The reason is not known.") : List.copyOf(problems);
        publish();
    }

    void unpark() {
        parked = List.of();
        publish();
    }

    boolean parked() {
        return !parked.isEmpty();
    }

    void open(Evidence found) {
        evidence = found;
        publish();
    }

    void close() {
        evidence = null;
        publish();
    }

    @Nullable
    Evidence evidence() {
        return evidence;
    }

    void waitUntil(@Nullable Instant end) {
        until = end;
        publish();
    }

    void approveCleanup() {
        cleanupApproved = true;
    }

    void retired() {
        cleanupApproved = true;
        retired = true;
    }

    /** Whether the old objects are retired and nothing has been dropped yet, so that the run may end as it is. */
    boolean rests() {
        return retired && phases.line("drop").attempt() == 0;
    }

    boolean cleanupApproved() {
        return cleanupApproved;
    }

    /** From here on the run goes back, or ends where it is. */
    Leave leave(Leave asked) {
        leaving = asked;
        paused = false;
        parked = List.of();
        evidence = null;
        until = null;
        note = asked.sentence();
        publish();
        return asked;
    }

    /** After the way back of an earlier run the run begins anew. */
    void startAfresh() {
        leaving = null;
        note = "The run before this one was rolled back first.";
        publish();
    }

    @Nullable
    Leave leaving() {
        return leaving;
    }

    void finish(Outcome how) {
        outcome = how;
        until = null;
        publish();
    }

    // What people did.

    void ignore(long event, String verb, String reason) {
        ignored.add(new StatusIgnored(event, verb, reason));
        if (ignored.size() > IGNORED) {
            ignored.remove(0);
        }
        publish();
    }

    void approved(StatusApproval approval) {
        approvals.add(approval);
        publish();
    }

    void keep(List<String> early) {
        kept = List.copyOf(early);
        publish();
    }

    void repaired(StatusRepair repair) {
        repairs.add(repair);
        publish();
    }

    void tried(TrialReport report) {
        trial = report;
        publish();
    }

    void progress(Progress reading) {
        progress = reading;
        publish();
    }

    void note(String sentence) {
        note = sentence;
        publish();
    }

    // What people see.

    Status status() {
        Evidence waiting = evidence;
        return new Status(
                start.migration(),
                start.target(),
                Places.phase(place),
                state(),
                waiting == null ? null : gate(waiting),
                StatusBackfill.of(progress),
                phases.checks(),
                problems(waiting),
                List.copyOf(ignored),
                trial);
    }

    RunReport report() {
        String standing = parked() ? "parked" : evidence != null ? "waiting" : "";
        return new RunReport(
                status(),
                Workflow.getInfo().getNamespace(),
                Workflow.getInfo().getWorkflowId(),
                start.requestedBy(),
                summary,
                place,
                phases.lines(Places.phase(place), standing),
                evidence,
                List.copyOf(approvals),
                kept,
                List.copyOf(repairs),
                progress.perMille(),
                until,
                note,
                now());
    }

    private StatusGate gate(Evidence waiting) {
        String id = Workflow.getInfo().getWorkflowId();
        String command = new Commands(Workflow.getInfo().getNamespace(), id)
                .line("approve", Commands.approval(waiting.gate(), waiting.hash()));
        return new StatusGate(waiting.gate(), waiting.hash(), 1, kept, command);
    }

    private List<String> problems(@Nullable Evidence waiting) {
        if (!refused.isEmpty()) {
            return refused;
        }
        if (parked()) {
            return parked;
        }
        if (waiting != null) {
            return waiting.blocking();
        }
        return place.equals("soak") ? phases.line("validation").problems() : List.of();
    }

    private String state() {
        if (outcome != null) {
            return outcome.word();
        }
        if (!refused.isEmpty()) {
            return "rejected";
        }
        if (parked()) {
            return "parked";
        }
        return paused ? "paused" : evidence != null ? "waiting" : "running";
    }

    private void publish() {
        RunReport report = report();
        Workflow.setCurrentDetails(Details.of(report));
        String state = Places.label(report);
        if (start.searchAttributes() && begun() && !state.equals(shownState)) {
            shownState = state;
            Workflow.upsertTypedSearchAttributes(STATE.valueSet(state));
        }
    }
}
