package runbook.engine.account;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import runbook.engine.ImpactFigures;
import runbook.engine.throttle.Throttlings;
import runbook.message.Run;
import runbook.message.Tuning;

/**
 * All that a target remembers of one run.
 *
 * @param revealed whether keys, row values and error texts were asked for; otherwise no part of this holds one
 * @param asOf the moment of the snapshot, by the server's clock
 * @param phases every attempt, in the order in which they began
 * @param checks the newest verdict of each check of each phase
 * @param losses what a roll-back would lose, counted on the rows of now; empty when the run is over
 */
public record Account(
        boolean revealed,
        Instant asOf,
        RunLine run,
        @Nullable ControlLine control,
        @Nullable StopLine stop,
        List<PhaseLine> phases,
        List<CheckLine> checks,
        List<MeasureLine> measures,
        List<BackfillLine> backfills,
        List<Throttlings.Line> throttlings,
        List<ImpactFigures.Line> impact,
        List<BackupLine> backups,
        List<ScriptLine> scripts,
        List<ApprovalLine> approvals,
        List<RepairLine> repairs,
        List<FlagLine> flags,
        List<LossLine> losses,
        List<ViolationLine> violations,
        List<QuarantineLine> quarantine,
        List<ForeignLine> foreignWrites,
        List<ProblemLine> problems,
        List<AuditLine> audit) {

    /**
     * One run.
     *
     * @param standing where its owner says that it stands, as the search attribute has it; {@code null} when the run is
     *     over, or nothing was said yet
     */
    public record RunLine(
            long id,
            String migration,
            String target,
            String workflowId,
            String workflowRun,
            int epoch,
            String requestedBy,
            String definition,
            String state,
            @Nullable String standing,
            @Nullable String parting,
            Instant startedAt,
            @Nullable Instant endedAt) {

        public Run asItsOwnerKnowsIt() {
            return new Run(migration, target, id, epoch, workflowId, workflowRun);
        }
    }

    /**
     * What running batches are told.
     *
     * @param tunedBy whose wish the tuning is; {@code null} when nobody tuned them
     * @param tunedUntil when it ends by itself; {@code null} for no end
     */
    public record ControlLine(
            String wanted,
            @Nullable String requestedBy,
            @Nullable String reason,
            Instant changedAt,
            Tuning tuning,
            @Nullable String tunedBy,
            @Nullable Instant tunedUntil) {}

    /** Somebody called {@code runbook.stop}. */
    public record StopLine(String reason, String stoppedBy, Instant at) {}

    /** Whether an attempt was made by who owns the run now. */
    public boolean ofOwner(PhaseLine line) {
        return line.attempt() > run.asItsOwnerKnowsIt().formerAttempts();
    }

    /** Whether an attempt without a verdict can still get one: nobody has taken over, tried again, or parked since. */
    public boolean underWay(PhaseLine line) {
        boolean last = phases.stream()
                .noneMatch(other -> other.phase().equals(line.phase()) && other.attempt() > line.attempt());
        boolean parked = run.standing() != null && run.standing().startsWith("parked");
        return run.endedAt() == null && ofOwner(line) && last && !parked;
    }

    /** One attempt of a phase; without a verdict it runs, or was interrupted. */
    public record PhaseLine(
            String phase,
            int attempt,
            @Nullable String verdict,
            @Nullable String summary,
            Map<String, Long> counts,
            Instant startedAt,
            @Nullable Instant endedAt) {}

    /**
     * The newest verdict on a check.
     *
     * @param found how many counter-examples
     * @param asOf when the oldest look began that the verdict rests on
     */
    public record CheckLine(
            String phase,
            int attempt,
            String name,
            String severity,
            String verdict,
            long found,
            String note,
            long millis,
            Instant checkedAt,
            Instant asOf) {}

    /** A number of the newest proof. */
    public record MeasureLine(
            String phase, String name, @Nullable BigDecimal value, Instant at) {}

    /**
     * How far one backfill is.
     *
     * @param ranges how many the table was cut into
     * @param finished how many of them are done
     * @param perSecond units in a second of copying, waits left out; 0 while it is measured
     * @param skips units by the reason for which they were left out
     */
    public record BackfillLine(
            String name,
            int ranges,
            int finished,
            long batches,
            long scanned,
            long copied,
            long skipped,
            long quarantined,
            long rowsWritten,
            long perSecond,
            Map<String, Long> skips) {}

    /** @param drill {@code equal}, {@code different}, or null before it */
    public record BackupLine(
            long id,
            String folder,
            String host,
            String manifest,
            long rows,
            long bytes,
            Instant takenAt,
            @Nullable String drill,
            @Nullable Instant drilledAt,
            @Nullable Long restoreMillis) {}

    /** @param locks modes by object, as seen just before the script's transaction ended */
    public record ScriptLine(
            String folder, String script, long millis, int tries, Map<String, List<String>> locks, Instant at) {}

    /**
     * @param identity what the sender's client called itself: claimed, not proved; empty from the Web UI
     * @param decided the numbers of what was approved, in one sentence
     * @param sameIdentity whether it came with the identity that started the run
     * @param person who counts as its giver
     * @param until when it expires; null for never
     * @param validity {@code counts}, {@code expired}, {@code withdrawn} or {@code outdated}: now, or when its gate was
     *     passed
     */
    public record ApprovalLine(
            String gate,
            String evidence,
            String decided,
            String approver,
            @Nullable String comment,
            String identity,
            @Nullable String principal,
            boolean sameIdentity,
            long eventId,
            Instant approvedAt,
            String person,
            @Nullable Instant until,
            String validity) {}

    /** A repair that somebody asked for. */
    public record RepairLine(
            String check,
            String repair,
            String truth,
            boolean dryRun,
            long keys,
            long rows,
            String requestedBy,
            Instant at) {}

    /** A flag as it is now. */
    public record FlagLine(
            String name, String stage, int perMille, String changedBy, String reason, Instant changedAt) {}

    /** @param rows null when they could not be counted; the note then says why */
    public record LossLine(String claim, @Nullable Long rows, String note) {}

    /**
     * @param differences what differs, where it is known, of those that are still there; the most frequent first
     * @param rows counter-examples that are still there, when revealed; at most {@link Accounts#SHOWN}
     */
    public record ViolationLine(
            String check, long open, long healed, List<DifferenceLine> differences, List<ViolationRow> rows) {}

    /** @param what a column's name, or which shape has none of the rows */
    public record DifferenceLine(String what, long keys) {}

    /**
     * One counter-example; key and row are JSON.
     *
     * @param differs what differs, where it is known
     */
    public record ViolationRow(String key, String differs, String row, Instant seenAt) {}

    /** @param rows what is held, when revealed; at most {@link Accounts#SHOWN} */
    public record QuarantineLine(String backfill, long held, long released, List<QuarantineRow> rows) {}

    /**
     * What somebody else wrote to a new table before the cutover.
     *
     * @param role who logged in
     * @param actingAs what SET ROLE made of that; {@code none} without
     * @param keys of some of the rows, as JSON, when revealed
     */
    public record ForeignLine(
            String table,
            String role,
            String actingAs,
            String application,
            String statement,
            long statements,
            long rows,
            Instant firstAt,
            Instant lastAt,
            @Nullable String keys) {}

    /** One row that the database refused. */
    public record QuarantineRow(String key, long problem, Instant at) {}

    /** @param text the whole error, when revealed */
    public record ProblemLine(
            long id,
            String phase,
            String sqlState,
            String object,
            Instant at,
            @Nullable String text) {}

    /** One line of the audit. */
    public record AuditLine(Instant at, String act, String subject, String who, Map<String, Object> detail) {}
}
