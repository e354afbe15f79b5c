package runbook.engine;

import static runbook.generated.engine.Tables.CONTROL;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import runbook.generated.engine.tables.records.ControlRecord;
import runbook.message.Act;
import runbook.message.Control;
import runbook.message.Run;
import runbook.message.Tune;
import runbook.message.Tuning;

/** What running batches are told: whether they are wanted, and how. Each change is audited in its own transaction. */
public final class Controls {

    private Controls() {}

    /** Lets batches run, wait or end. */
    public static void control(Target target, Control control) {
        target.inTransaction(tx -> {
            ControlRecord row = held(tx, control.run());
            row.setWanted(control.wanted());
            row.setRequestedBy(control.requestedBy());
            row.setReason(control.reason());
            row.setChangedAt(OffsetDateTime.now(ZoneOffset.UTC));
            row.store();
            Map<String, String> detail = Map.of("reason", control.reason());
            Act act = new Act(control.run(), control.wanted(), "run", control.requestedBy(), detail, control.once());
            Runs.write(tx, act);
            return act;
        });
    }

    /** Tunes the batches; what was tuned before is forgotten. */
    public static void tune(Target target, Tune tune) {
        target.inTransaction(tx -> {
            ControlRecord row = held(tx, tune.run());
            row.setBatchMillis(tune.tuning().batchMillis());
            row.setWorkers(tune.tuning().workers());
            row.setRatio(tune.tuning().ratio());
            row.setLimits(JSONB.valueOf(Json.write(tune.tuning().limits().typed())));
            row.setTunedBy(tune.tuning().equals(Tuning.NONE) ? null : tune.requestedBy());
            row.setTunedUntil(time(tune.until()));
            row.store();
            Map<String, String> detail = new LinkedHashMap<>();
            detail.put("batches", tune.tuning().words());
            detail.put("reason", tune.reason());
            detail.put("until", String.valueOf(tune.until()));
            Act act = new Act(tune.run(), "tune", "backfill", tune.requestedBy(), detail, tune.once());
            Runs.write(tx, act);
            return act;
        });
    }

    /** How many slots a person wants to copy; 0 for as many as there usually are. */
    public static int workers(Target target, Run run) {
        return target.dsl()
                .select(CONTROL.WORKERS)
                .from(CONTROL)
                .where(CONTROL.RUN.eq(run.id()))
                .fetchSingle()
                .value1();
    }

    private static ControlRecord held(DSLContext tx, Run run) {
        Runs.fence(tx, run);
        return tx.selectFrom(CONTROL)
                .where(CONTROL.RUN.eq(run.id()))
                .forUpdate()
                .fetchSingle();
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant until) {
        return until == null ? null : until.atOffset(ZoneOffset.UTC);
    }
}
