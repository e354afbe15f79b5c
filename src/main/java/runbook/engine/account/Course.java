package runbook.engine.account;

import static runbook.generated.engine.Tables.APPROVAL;
import static runbook.generated.engine.Tables.AUDIT;
import static runbook.generated.engine.Tables.BACKUP;
import static runbook.generated.engine.Tables.CONTROL;
import static runbook.generated.engine.Tables.FLAG;
import static runbook.generated.engine.Tables.MIGRATION_RUN;
import static runbook.generated.engine.Tables.PHASE;
import static runbook.generated.engine.Tables.REPAIR;
import static runbook.generated.engine.Tables.SCRIPT;
import static runbook.generated.engine.Tables.STOP;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import runbook.engine.Json;
import runbook.engine.account.Account.ApprovalLine;
import runbook.engine.account.Account.AuditLine;
import runbook.engine.account.Account.BackfillLine;
import runbook.engine.account.Account.BackupLine;
import runbook.engine.account.Account.ControlLine;
import runbook.engine.account.Account.FlagLine;
import runbook.engine.account.Account.PhaseLine;
import runbook.engine.account.Account.RepairLine;
import runbook.engine.account.Account.ScriptLine;
import runbook.engine.account.Account.StopLine;
import runbook.message.Tuning;

/** What was done in a run, and by whom. */
final class Course {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final DSLContext tx;
    private final long run;

    Course(DSLContext tx, long run) {
        this.tx = tx;
        this.run = run;
    }

    @Nullable
    ControlLine control() {
        return tx.selectFrom(CONTROL)
                .where(CONTROL.RUN.eq(run))
                .fetchOptional(row -> new ControlLine(
                        row.getWanted(),
                        row.getRequestedBy(),
                        row.getReason(),
                        row.getChangedAt().toInstant(),
                        new Tuning(
                                row.getBatchMillis(), row.getWorkers(), row.getRatio(), Json.limits(row.getLimits())),
                        row.getTunedBy(),
                        row.getTunedUntil() == null ? null : row.getTunedUntil().toInstant()))
                .orElse(null);
    }

    @Nullable
    StopLine stop() {
        return tx.selectFrom(STOP)
                .fetchOptional(row -> new StopLine(
                        row.getReason(), row.getStoppedBy(), row.getAt().toInstant()))
                .orElse(null);
    }

    List<PhaseLine> phases() {
        return tx.selectFrom(PHASE)
                .where(PHASE.RUN.eq(run))
                .orderBy(PHASE.STARTED_AT, PHASE.ATTEMPT)
                .fetch(row -> new PhaseLine(
                        row.getPhase(),
                        row.getAttempt(),
                        row.getVerdict(),
                        row.getSummary(),
                        parsed(row.getFacts(), new TypeReference<Map<String, Long>>() {}),
                        row.getStartedAt().toInstant(),
                        instant(row.getEndedAt())));
    }

    List<BackfillLine> backfills() {
        return new Copies(tx, run).lines();
    }

    List<BackupLine> backups() {
        return tx.selectFrom(BACKUP)
                .where(BACKUP.RUN.eq(run))
                .orderBy(BACKUP.ID)
                .fetch(row -> new BackupLine(
                        row.getId(),
                        row.getFolder(),
                        row.getHost(),
                        row.getManifest(),
                        row.getRows(),
                        row.getBytes(),
                        row.getTakenAt().toInstant(),
                        row.getDrill(),
                        instant(row.getDrilledAt()),
                        row.getRestoreMillis()));
    }

    List<ScriptLine> scripts() {
        return tx.selectFrom(SCRIPT)
                .where(SCRIPT.RUN.eq(run))
                .orderBy(SCRIPT.AT, SCRIPT.FOLDER, SCRIPT.SCRIPT_)
                .fetch(row -> new ScriptLine(
                        row.getFolder(),
                        row.getScript(),
                        row.getMillis(),
                        row.getTries(),
                        locks(row.getLocks()),
                        row.getAt().toInstant()));
    }

    List<ApprovalLine> approvals() {
        return tx.selectFrom(APPROVAL)
                .where(APPROVAL.RUN.eq(run))
                .orderBy(APPROVAL.ID)
                .fetch(row -> new ApprovalLine(
                        row.getGate(),
                        row.getEvidence(),
                        Decided.words(row.getDecision()),
                        row.getApprover(),
                        row.getComment(),
                        row.getIdentity(),
                        row.getPrincipal(),
                        row.getSameIdentity(),
                        row.getEventId(),
                        row.getApprovedAt().toInstant(),
                        row.getPerson() == null ? row.getApprover() : row.getPerson(),
                        instant(row.getExpiresAt()),
                        row.getValidity()));
    }

    List<RepairLine> repairs() {
        return tx.selectFrom(REPAIR)
                .where(REPAIR.RUN.eq(run))
                .orderBy(REPAIR.ID)
                .fetch(row -> new RepairLine(
                        row.getCheckName(),
                        row.getRepair(),
                        row.getTruth(),
                        row.getDryRun(),
                        row.getKeys(),
                        row.getRows(),
                        row.getRequestedBy(),
                        row.getAt().toInstant()));
    }

    List<FlagLine> flags() {
        return tx.selectFrom(FLAG)
                .orderBy(FLAG.NAME, FLAG.STAGE)
                .fetch(row -> new FlagLine(
                        row.getName(),
                        row.getStage(),
                        row.getPerMille(),
                        row.getChangedBy(),
                        row.getReason(),
                        row.getChangedAt().toInstant()));
    }

    /** Lines of this run, and of the database as a whole while it was open. */
    List<AuditLine> audit() {
        return tx.select(AUDIT.AT, AUDIT.ACT, AUDIT.SUBJECT, AUDIT.WHO, AUDIT.DETAIL)
                .from(AUDIT)
                .join(MIGRATION_RUN)
                .on(MIGRATION_RUN.ID.eq(run))
                .where(AUDIT.RUN
                        .eq(run)
                        .or(AUDIT.RUN
                                .isNull()
                                .and(AUDIT.AT.ge(MIGRATION_RUN.STARTED_AT))
                                .and(MIGRATION_RUN.ENDED_AT.isNull().or(AUDIT.AT.le(MIGRATION_RUN.ENDED_AT)))))
                .orderBy(AUDIT.ID)
                .fetch(row -> new AuditLine(
                        row.value1().toInstant(),
                        row.value2(),
                        row.value3(),
                        row.value4(),
                        parsed(row.value5(), new TypeReference<Map<String, Object>>() {})));
    }

    private static Map<String, List<String>> locks(JSONB json) {
        return json.data().startsWith("{") ? parsed(json, new TypeReference<Map<String, List<String>>>() {}) : Map.of();
    }

    private static <T> T parsed(JSONB json, TypeReference<T> type) {
        try {
            return MAPPER.readValue(json.data(), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the engine's own JSON could not be read as " + type.getType(), e);
        }
    }

    static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
