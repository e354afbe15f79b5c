package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static runbook.generated.engine.Tables.AUDIT;
import static runbook.generated.engine.Tables.REPAIR;
import static runbook.generated.engine.Tables.VIOLATION;

import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.RowCountQuery;
import runbook.message.Act;
import runbook.message.RepairReport;
import runbook.message.RepairRequest;
import runbook.message.Run;
import runbook.spi.Migration;
import runbook.spi.Repair;

/**
 * Cures what a check reported, and nothing else, some keys at a time; what was cured stays cured when it is interrupted.
 * Where nothing is kept that the check reported, it is run first. A dry run makes each change and takes it back to a
 * savepoint.
 */
public final class Repairs {

    /** Keys of one transaction: enough to be quick, few enough that nobody waits long for its row locks. */
    static final int AT_ONCE = 100;

    /** Shorter than deadlock_timeout (1 s): the repair has given up before anybody looks for a victim. */
    private static final String GIVES_WAY = "set local lock_timeout = '50ms'";

    private Repairs() {}

    private record Order(RepairRequest request, Offer offer, Repair repair) {

        Run run() {
            return request.phase().run();
        }

        String once() {
            return "run " + run().id() + "/" + request.once();
        }
    }

    /** What one transaction did, up to which violation. */
    private record Part(long last, long keys, long rows) {}

    public static RepairReport repair(Target target, RepairRequest request, Migration migration, Pulse pulse) {
        Map<String, Offer> offers = Offer.of(migration);
        Offer offer = offers.get(request.check());
        if (offer == null) {
            return refused(
                    "no check is named '" + request.check() + "'; with repairs: " + String.join("; ", offers.keySet()));
        }
        Repair repair = offer.repairs().stream()
                .filter(r -> r.name().equals(request.repair()))
                .findFirst()
                .orElse(null);
        if (repair == null) {
            return refused("check '" + request.check() + "' has no repair '" + request.repair() + "'; it has: "
                    + String.join("; ", offer.names()));
        }
        return carryOut(target, new Order(request, offer, repair), pulse);
    }

    private static RepairReport carryOut(Target target, Order order, Pulse pulse) {
        if (!finished(target, order)) {
            if (!target.dsl().fetchExists(VIOLATION, open(order))) {
                order.offer().find().accept(new Proof(target, order.request().phase(), pulse));
            }
            long keys = 0;
            long rows = 0;
            for (Part part = next(target, order, 0, pulse);
                    part.keys() > 0;
                    part = next(target, order, part.last(), pulse)) {
                keys += part.keys();
                rows += part.rows();
                pulse.beat(Map.of("repair", order.repair().name(), "keys", keys));
            }
            finish(target, order, order.request().dryRun() ? new Part(0, keys, rows) : new Part(0, 0, 0));
        }
        var kept = target.dsl()
                .selectFrom(REPAIR)
                .where(REPAIR.ONCE.eq(order.once()))
                .fetchSingle();
        return new RepairReport("", kept.getTruth(), kept.getDryRun(), kept.getKeys(), kept.getRows());
    }

    /** One transaction: its locks are let go before the next, and what it cured is not looked at again. */
    private static Part next(Target target, Order order, long last, Pulse pulse) {
        return Tries.forLocks(
                target, order.run(), "repair", pulse, tries -> target.inTransaction(tx -> some(tx, order, last)));
    }

    private static Part some(DSLContext tx, Order order, long last) {
        Runs.fence(tx, order.run());
        tx.execute(GIVES_WAY);
        tx.execute("savepoint dry_run");
        var reported = tx.select(VIOLATION.ID, VIOLATION.KEY)
                .from(VIOLATION)
                .where(open(order))
                .and(VIOLATION.ID.gt(last))
                .orderBy(VIOLATION.ID)
                .limit(AT_ONCE)
                .fetch();
        if (reported.isEmpty()) {
            return new Part(last, 0, 0);
        }
        Condition keys = Sql.among(
                order.offer().key(), reported.map(row -> Json.texts(row.value2().data())));
        long rows = 0;
        for (RowCountQuery statement : order.repair().change().apply(keys)) {
            rows += tx.execute(statement);
        }
        Part part = new Part(reported.get(reported.size() - 1).value1(), reported.size(), rows);
        if (order.request().dryRun()) {
            tx.execute("rollback to savepoint dry_run");
        } else {
            heal(tx, order, last, part);
        }
        return part;
    }

    private static void heal(DSLContext tx, Order order, long last, Part part) {
        tx.update(VIOLATION)
                .set(VIOLATION.HEALED_AT, currentOffsetDateTime())
                .where(open(order))
                .and(VIOLATION.ID.gt(last))
                .and(VIOLATION.ID.le(part.last()))
                .execute();
        count(tx, order, part);
    }

    private static Condition open(Order order) {
        return VIOLATION
                .RUN
                .eq(order.run().id())
                .and(VIOLATION.CHECK_NAME.eq(order.offer().claim()))
                .and(VIOLATION.HEALED_AT.isNull());
    }

    /** Adds to what the attempts before this one have done. */
    private static void count(DSLContext tx, Order order, Part part) {
        RepairRequest request = order.request();
        tx.insertInto(REPAIR)
                .set(REPAIR.RUN, order.run().id())
                .set(REPAIR.CHECK_NAME, request.check())
                .set(REPAIR.REPAIR_, order.repair().name())
                .set(REPAIR.TRUTH, order.repair().truth())
                .set(REPAIR.DRY_RUN, request.dryRun())
                .set(REPAIR.KEYS, part.keys())
                .set(REPAIR.ROWS, part.rows())
                .set(REPAIR.REQUESTED_BY, request.requestedBy())
                .set(REPAIR.ONCE, order.once())
                .onConflict(REPAIR.ONCE)
                .doUpdate()
                .set(REPAIR.KEYS, REPAIR.KEYS.plus(part.keys()))
                .set(REPAIR.ROWS, REPAIR.ROWS.plus(part.rows()))
                .execute();
    }

    /** The audit line comes last, so it tells whether the request was carried out whole. */
    private static boolean finished(Target target, Order order) {
        return target.dsl().fetchExists(AUDIT, AUDIT.ONCE.eq(order.once()));
    }

    private static void finish(Target target, Order order, Part rest) {
        target.inTransaction(tx -> {
            Runs.fence(tx, order.run());
            count(tx, order, rest);
            var kept = tx.selectFrom(REPAIR).where(REPAIR.ONCE.eq(order.once())).fetchSingle();
            RepairRequest request = order.request();
            Runs.write(
                    tx,
                    new Act(
                            order.run(),
                            request.dryRun() ? "repair, dry run" : "repair",
                            request.check() + ": " + order.repair().name(),
                            request.requestedBy(),
                            Map.of("keys", String.valueOf(kept.getKeys()), "rows", String.valueOf(kept.getRows())),
                            request.once()));
            return order;
        });
    }

    private static RepairReport refused(String why) {
        return new RepairReport(why, "", false, 0, 0);
    }
}
