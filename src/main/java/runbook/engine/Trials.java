package runbook.engine;

import static org.jooq.impl.DSL.cast;
import static org.jooq.impl.DSL.jsonbGetAttributeAsText;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;
import static runbook.generated.engine.Tables.AUDIT;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.TableField;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import runbook.message.Act;
import runbook.message.TrialReport;
import runbook.message.TrialRequest;
import runbook.spi.Backfill;
import runbook.spi.Key;
import runbook.spi.Migration;
import runbook.spi.Trial;

/** One unit brought over alone, by the statement of the batches, and looked at. */
public final class Trials {

    private Trials() {}

    public static TrialReport bringOver(Target target, TrialRequest request, Migration migration) {
        Trial trial = migration.trial().orElse(null);
        if (trial == null) {
            return TrialReport.refused(migration.name() + " describes no trial.");
        }
        Backfill backfill = migration.backfills().stream()
                .filter(b -> b.name().equals(trial.backfill()))
                .findFirst()
                .orElseThrow();
        List<String> key = Arrays.asList(request.key().split(",", -1));
        String misfit = misfit(target, trial.key(), key);
        if (misfit != null) {
            return TrialReport.refused(misfit);
        }
        return target.inTransaction(tx -> {
            Runs.fence(tx, request.phase().run());
            return bringOver(tx, request, backfill, trial);
        });
    }

    private static TrialReport bringOver(DSLContext tx, TrialRequest request, Backfill backfill, Trial trial) {
        Condition unit = Sql.equal(trial.key(), Arrays.asList(request.key().split(",", -1)));
        tx.execute("set local runbook.mirror = 'on'");
        Batch.Counted counted = Batch.of(backfill).run(tx, unit, "trial", Batch.Lock.WAIT);
        if (counted.scanned() == 0) {
            return TrialReport.refused("No unit has this key.");
        }
        boolean before = before(tx, request, backfill, counted.copied() == 0);
        Record row = tx.fetchSingle(trial.verification().apply(unit));
        return new TrialReport("", before, issues(row), record(row));
    }

    /** Whether the unit was there before this trial: what its first attempt found, since a later one finds its work. */
    private static boolean before(DSLContext tx, TrialRequest request, Backfill backfill, boolean found) {
        Act act = new Act(
                request.phase().run(),
                "trial",
                backfill.name(),
                request.requestedBy(),
                Map.of("alreadyMigrated", String.valueOf(found)),
                request.once());
        Runs.write(tx, act);
        return Boolean.parseBoolean(tx.select(jsonbGetAttributeAsText(AUDIT.DETAIL, "alreadyMigrated"))
                .from(AUDIT)
                .where(AUDIT.ONCE.eq(Runs.once(act)))
                .fetchSingle()
                .value1());
    }

    /** A key that is no value of its type is the sender's slip, and not an error of the database. */
    private static @Nullable String misfit(Target target, Key key, List<String> values) {
        int expected = key.columns().size();
        if (values.size() != expected) {
            return "'key': expected " + expected + (expected == 1 ? " value" : " values with commas between")
                    + ", found " + values.size() + ".";
        }
        for (int i = 0; i < expected; i++) {
            TableField<?, ?> column = key.columns().get(i);
            try {
                target.dsl().fetch(select(cast(val(values.get(i)), column.getDataType())));
            } catch (DataAccessException e) {
                if (!Sql.state(e).startsWith("22")) {
                    throw e;
                }
                return "'key': expected a " + column.getDataType().getCastTypeName() + " for " + column.getName()
                        + ", found '" + values.get(i) + "'.";
            }
        }
        return null;
    }

    private static List<String> issues(Record row) {
        return row.field("issues") != null && row.get("issues") instanceof Object[] several
                ? Arrays.stream(several).map(String::valueOf).toList()
                : List.of();
    }

    private static Map<String, @Nullable Object> record(Record row) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        for (var field : row.fields()) {
            Object value = row.get(field);
            shown.put(
                    field.getName(),
                    value instanceof Object[] several
                            ? Arrays.stream(several).map(String::valueOf).toList()
                            : value == null || value instanceof Number || value instanceof Boolean
                                    ? value
                                    : value.toString());
        }
        return shown;
    }
}
