package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static runbook.generated.engine.Tables.REPAIR;
import static runbook.generated.engine.Tables.VIOLATION;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.RowCountQuery;
import runbook.message.Act;
import runbook.message.RepairReport;
import runbook.message.RepairRequest;
import runbook.message.Run;
import runbook.spi.Key;
import runbook.spi.Migration;
import runbook.spi.Repair;

/** Cures what a check reported, and nothing else. A dry run makes the change and takes it back to a savepoint. */
public final class Repairs {

    private Repairs() {}

    private record Offer(String claim, Key key, List<Repair> repairs) {}

    public static RepairReport repair(Target target, RepairRequest request, Migration migration) {
        Offer offer = offers(migration).get(request.check());
        if (offer == null) {
            return refused("no check is named '" + request.check() + "'; with repairs: "
                    + String.join("; ", offers(migration).keySet()));
        }
        Repair repair = offer.repairs().stream()
                .filter(r -> r.name().equals(request.repair()))
                .findFirst()
                .orElse(null);
        if (repair == null) {
            return refused("check '" + request.check() + "' has no repair '" + request.repair() + "'; it has: "
                    + String.join(
                            "; ", offer.repairs().stream().map(Repair::name).toList()));
        }
        return target.inTransaction(tx -> {
            Runs.fence(tx, request.phase().run());
            return change(tx, request, offer, repair);
        });
    }

    private static RepairReport change(DSLContext tx, RepairRequest request, Offer offer, Repair repair) {
        Run run = request.phase().run();
        var done = tx.selectFrom(REPAIR)
                .where(REPAIR.ONCE.eq("run " + run.id() + "/" + request.once()))
                .fetchOne();
        if (done != null) {
            return new RepairReport("", done.getTruth(), done.getDryRun(), done.getKeys(), done.getRows());
        }
        tx.execute("savepoint dry_run");
        List<List<String>> keys = reported(tx, run, offer.claim());
        long rows = 0;
        Condition condition = Sql.among(offer.key(), keys);
        for (RowCountQuery statement : repair.change().apply(condition)) {
            rows += tx.execute(statement);
        }
        if (request.dryRun()) {
            tx.execute("rollback to savepoint dry_run");
        } else {
            tx.update(VIOLATION)
                    .set(VIOLATION.HEALED_AT, currentOffsetDateTime())
                    .where(VIOLATION.RUN.eq(run.id()))
                    .and(VIOLATION.CHECK_NAME.eq(offer.claim()))
                    .and(VIOLATION.HEALED_AT.isNull())
                    .execute();
        }
        note(tx, request, repair, keys.size(), rows);
        return new RepairReport("", repair.truth(), request.dryRun(), keys.size(), rows);
    }

    private static List<List<String>> reported(DSLContext tx, Run run, String claim) {
        return tx.select(VIOLATION.KEY)
                .from(VIOLATION)
                .where(VIOLATION.RUN.eq(run.id()))
                .and(VIOLATION.CHECK_NAME.eq(claim))
                .and(VIOLATION.HEALED_AT.isNull())
                .orderBy(VIOLATION.ID)
                .fetch(row -> Json.texts(row.value1().data()));
    }

    private static void note(DSLContext tx, RepairRequest request, Repair repair, long keys, long rows) {
        Run run = request.phase().run();
        tx.insertInto(REPAIR)
                .set(REPAIR.RUN, run.id())
                .set(REPAIR.CHECK_NAME, request.check())
                .set(REPAIR.REPAIR_, repair.name())
                .set(REPAIR.TRUTH, repair.truth())
                .set(REPAIR.DRY_RUN, request.dryRun())
                .set(REPAIR.KEYS, keys)
                .set(REPAIR.ROWS, rows)
                .set(REPAIR.REQUESTED_BY, request.requestedBy())
                .set(REPAIR.ONCE, "run " + run.id() + "/" + request.once())
                .execute();
        Runs.write(
                tx,
                new Act(
                        run,
                        request.dryRun() ? "repair, dry run" : "repair",
                        request.check() + ": " + repair.name(),
                        request.requestedBy(),
                        Map.of("keys", String.valueOf(keys), "rows", String.valueOf(rows)),
                        request.once()));
    }

    private static Map<String, Offer> offers(Migration migration) {
        Map<String, Offer> offers = new LinkedHashMap<>();
        List<Offer> all = new ArrayList<>();
        migration.assessment().forEach(c -> all.add(new Offer(c.claim(), c.key(), c.repairs())));
        migration.validation().forEach(c -> all.add(new Offer(c.claim(), c.key(), c.repairs())));
        migration.comparisons().forEach(c -> all.add(new Offer(c.claim(), c.key(), c.repairs())));
        all.stream().filter(o -> !o.repairs().isEmpty()).forEach(o -> offers.put(o.claim(), o));
        return offers;
    }

    private static RepairReport refused(String why) {
        return new RepairReport(why, "", false, 0, 0);
    }
}
