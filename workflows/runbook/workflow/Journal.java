package runbook.workflow;

import io.temporal.common.SearchAttributeKey;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import runbook.message.Admission;
import runbook.message.Evidence;
import runbook.message.Outcome;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Progress;
import runbook.message.Run;
import runbook.message.RunReport;
import runbook.message.Status;
import runbook.message.StatusBackfill;
import runbook.message.StatusTuning;

/** What happened so far and where the run stands. All that people see is written from here, after every change. */
final class Journal {

    private static final SearchAttributeKey<String> STATE = SearchAttributeKey.forKeyword("RunbookState");

    private final Origin origin = new Origin();
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
    private final Dealings dealings = new Dealings(this::publish);
    private Progress progress = Progress.none();
    private @Nullable StatusTuning tuning;
    private final StageTable stages = new StageTable(this::publish);
    private final Standing standing = new Standing();
    private String shownState = "";

    static Instant now() {
        return Instant.ofEpochMilli(Workflow.currentTimeMillis());
    }

    Origin origin() {
        return origin;
    }

    void admitted(Run opened, Admission admission) {
        origin.admitted(opened, admission);
        publish();
    }

    void refused(List<String> problems) {
        refused = List.copyOf(problems);
        publish();
    }

    /** Asks for something that belongs to a phase, in its newest attempt. */
    PhaseRequest request(Phase phase) {
        int attempt = Math.max(1, phases.line(phase.word()).attempt());
        return new PhaseRequest(origin.run(), origin.start(), phase, attempt, false, !cleanupApproved);
    }

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
        dealings.approvals().judgeBy(found);
        publish();
    }

    void close() {
        evidence = null;
        dealings.approvals().judgeBy(null);
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
        stages.leave();
        dealings.approvals().judgeBy(null);
        dealings.note(asked.sentence());
        return asked;
    }

    /** After the way back of an earlier run the run begins anew. */
    void startAfresh() {
        leaving = null;
        dealings.note("The run before this one was rolled back first.");
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

    void progress(Progress reading) {
        progress = reading;
        publish();
    }

    void tuned(@Nullable StatusTuning wanted) {
        tuning = wanted;
        publish();
    }

    @Nullable
    StatusTuning tuning() {
        return tuning;
    }

    StageTable stages() {
        return stages;
    }

    /** When the newest validation ended; {@code null} before the first. */
    @Nullable
    Instant proved() {
        return phases.line(Phase.VALIDATION.word()).ended();
    }

    Dealings dealings() {
        return dealings;
    }

    Status status() {
        Evidence waiting = evidence;
        return new Status(
                origin.start().migration(),
                origin.start().target(),
                Places.phase(place),
                state(),
                waiting == null ? null : dealings.approvals().gate(waiting, origin.start()),
                dealings.waits(),
                StatusBackfill.of(progress),
                tuning,
                stages.lines(),
                phases.checks(),
                problems(waiting),
                dealings.warnings(),
                dealings.ignored(),
                dealings.trial());
    }

    RunReport report() {
        String standing = parked() ? "parked" : evidence != null ? "waiting" : "";
        return new RunReport(
                status(),
                Workflow.getInfo().getNamespace(),
                Workflow.getInfo().getWorkflowId(),
                origin.start().requestedBy(),
                origin.summary(),
                place,
                phases.lines(Places.phase(place), standing),
                evidence,
                dealings.approvals().all(),
                dealings.kept(),
                dealings.repairs(),
                progress.perMille(),
                until,
                dealings.note(),
                now());
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
        return paused ? "paused" : evidence != null ? "waiting" : stages.held() ? "held" : "running";
    }

    /** The words of the search attribute. */
    String label() {
        return Places.label(report());
    }

    private void publish() {
        RunReport report = report();
        Workflow.setCurrentDetails(Details.of(report));
        String state = Places.label(report);
        if (!origin.begun() || state.equals(shownState)) {
            return;
        }
        shownState = state;
        if (origin.start().searchAttributes()) {
            Workflow.upsertTypedSearchAttributes(STATE.valueSet(state));
        }
        if (outcome == null) {
            standing.tell(origin.run(), state);
        }
    }
}
