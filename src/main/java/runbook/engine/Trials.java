package runbook.engine;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Record;
import runbook.message.Act;
import runbook.message.Run;
import runbook.message.TrialReport;
import runbook.message.TrialRequest;
import runbook.spi.Insert;
import runbook.spi.Migration;
import runbook.spi.Trial;

/** One unit brought over alone, by the statement of the batches, and looked at. */
public final class Trials {

    private Trials() {}

    public static TrialReport bringOver(Target target, TrialRequest request, Migration migration) {
        Trial trial = migration.trial().orElse(null);
        if (trial == null) {
            return refused(migration.name() + " describes no trial");
        }
        Insert insert = (Insert) migration.backfills().stream()
                .filter(b -> b.name().equals(trial.backfill()))
                .findFirst()
                .orElseThrow();
        List<String> key = Arrays.asList(request.key().split(",", -1));
        if (key.size() != trial.key().columns().size()) {
            return refused("expected " + trial.key().columns().size() + " key values, found " + key.size());
        }
        Condition unit = Sql.equal(trial.key(), key);
        Run run = request.phase().run();
        return target.inTransaction(tx -> {
            Runs.fence(tx, run);
            tx.execute("set local runbook.mirror = 'on'");
            Batch.Counted counted = new Batch(insert).run(tx, unit, "trial", Batch.Lock.WAIT);
            if (counted.scanned() == 0) {
                return refused("no unit has this key");
            }
            Runs.write(
                    tx,
                    new Act(run, "trial", insert.name(), request.requestedBy(), Map.of(), "trial/" + request.key()));
            return new TrialReport(
                    "",
                    counted.copied() == 0,
                    record(tx.fetchSingle(trial.verification().apply(unit))));
        });
    }

    private static Map<String, Object> record(Record row) {
        Map<String, Object> shown = new LinkedHashMap<>();
        for (var field : row.fields()) {
            Object value = row.get(field);
            shown.put(
                    field.getName(),
                    value instanceof Object[] several
                            ? Arrays.stream(several).map(String::valueOf).toList()
                            : value == null
                                    ? ""
                                    : value instanceof Number || value instanceof Boolean ? value : value.toString());
        }
        return shown;
    }

    private static TrialReport refused(String why) {
        return new TrialReport(why, false, Map.of());
    }
}
