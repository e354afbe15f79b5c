package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.falseCondition;
import static runbook.generated.engine.Tables.AUDIT;
import static runbook.generated.engine.Tables.REPAIR;
import static runbook.generated.engine.Tables.VIOLATION;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
 * A dry run makes each change and takes it back to a savepoint. What the rows held before is kept, and {@link #TAKE_BACK}
 * puts it back.
 */
public final class Repairs {

    /** Each check that has repairs has this one too: it undoes the newest of them. */
    static final String TAKE_BACK = "take back";

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

        String report() {
            return "./runbook report " + run().migration() + " --target " + run().target() + " --reveal";
        }

        RepairReport refused(String found) {
            return Repairs.refused(run().migration() + ": repair \"" + repair.name() + "\" of check \"" + offer.claim()
                    + "\": " + found);
        }
    }

    /** What one transaction did, up to which violation. */
    private record Part(long last, long keys, long rows) {}

    /** One transaction's share, after the violations up to {@code last}. */
    @FunctionalInterface
    private interface Work {
        Part part(DSLContext tx, long last);
    }

    public static RepairReport repair(Target target, RepairRequest request, Migration migration, Pulse pulse) {
        Map<String, Offer> offers = Offer.of(migration);
        Offer offer = offers.get(request.check());
        if (offer == null) {
            return refused(
                    "no check is named '" + request.check() + "'; with repairs: " + String.join("; ", offers.keySet()));
        }
        if (request.repair().equals(TAKE_BACK)) {
            return takeBack(target, request, offer, pulse);
        }
        Repair repair = offer.repairs().stream()
                .filter(r -> r.name().equals(request.repair()))
                .findFirst()
                .orElse(null);
        if (repair == null) {
            return refused("check '" + request.check() + "' has no repair '" + request.repair() + "'; it has: "
                    + String.join("; ", offer.names()) + "; and, after one of these: " + TAKE_BACK);
        }
        return cure(target, new Order(request, offer, repair), migration, pulse);
    }

    private static RepairReport cure(Target target, Order order, Migration migration, Pulse pulse) {
        if (!begun(target, order)) {
            if (!target.dsl().fetchExists(VIOLATION, open(order))) {
                return order.refused(
                        "found no key that the check has reported and that is not repaired yet, expected at"
                                + " least one. Nothing was changed. See what was reported: " + order.report()
                                + ". What has come since is reported by the next validation: send 'retry', then 'repair'.");
            }
            long beyond = beyond(target, order, pulse);
            if (beyond > 0) {
                return order.refused("found " + beyond + (beyond == 1 ? " row" : " rows") + " that it changes whatever"
                        + " is reported, expected none beside the keys that the check has reported. Nothing was"
                        + " changed. Correct the rows by hand, then send 'retry'; the repair belongs corrected too.");
            }
        }
        if (!order.request().dryRun()) {
            RepairedRows.watch(target, order.run(), migration, pulse);
        }
        return carryOut(target, order, pulse, (tx, last) -> some(tx, order, last));
    }

    /** Rows that are changed whatever was reported: an author may have forgotten the condition. */
    private static long beyond(Target target, Order order, Pulse pulse) {
        return next(target, order, pulse, tx -> {
                    tx.execute("savepoint dry_run");
                    long rows = change(tx, order, falseCondition());
                    tx.execute("rollback to savepoint dry_run");
                    return new Part(0, 0, rows);
                })
                .rows();
    }

    /** Puts back what the newest repair of the check has changed; what has changed since stays as it is. */
    private static RepairReport takeBack(Target target, RepairRequest request, Offer offer, Pulse pulse) {
        Order order = new Order(request, offer, new Repair(TAKE_BACK, "what was there before", keys -> List.of()));
        Optional<Long> taken = RepairedRows.taken(target.dsl(), order.run(), offer.claim(), order.once());
        if (taken.isEmpty() && !begun(target, order)) {
            return order.refused("found no repair of this check that has changed a row and is not taken back yet,"
                    + " expected one. Nothing was changed. See the repairs: " + order.report() + ".");
        }
        return carryOut(target, order, pulse, (tx, last) -> {
            // A dry run does it all at once, since it leaves no mark of what it was at.
            boolean over = taken.isEmpty() || request.dryRun() && last > 0;
            return over ? new Part(last, 0, 0) : takeBack(tx, order, taken.orElseThrow());
        });
    }

    private static Part takeBack(DSLContext tx, Order order, long taken) {
        boolean dryRun = order.request().dryRun();
        tx.execute("savepoint dry_run");
        RepairedRows.Part done =
                RepairedRows.takeBack(tx, taken, began(tx, order), dryRun ? Integer.MAX_VALUE : AT_ONCE);
        Part part = new Part(1, done.rows(), done.putBack());
        if (dryRun) {
            tx.execute("rollback to savepoint dry_run");
        } else {
            count(tx, order, part);
        }
        return part;
    }

    private static RepairReport carryOut(Target target, Order order, Pulse pulse, Work work) {
        if (!finished(target, order)) {
            Part all = new Part(0, 0, 0);
            Part part;
            do {
                long last = all.last();
                part = next(target, order, pulse, tx -> work.part(tx, last));
                all = new Part(part.last(), all.keys() + part.keys(), all.rows() + part.rows());
                pulse.beat(Map.of("repair", order.repair().name(), "keys", all.keys()));
            } while (part.keys() > 0);
            finish(target, order, order.request().dryRun() ? all : new Part(0, 0, 0));
        }
        var kept = target.dsl()
                .selectFrom(REPAIR)
                .where(REPAIR.ONCE.eq(order.once()))
                .fetchSingle();
        return new RepairReport("", kept.getTruth(), kept.getDryRun(), kept.getKeys(), kept.getRows());
    }

    /** One transaction: its locks are let go before the next, and what it cured is not looked at again. */
    private static Part next(Target target, Order order, Pulse pulse, Function<DSLContext, Part> work) {
        return Tries.forLocks(
                target,
                order.run(),
                "repair",
                pulse,
                tries -> target.inTransaction(tx -> {
                    Runs.fence(tx, order.run());
                    tx.execute(GIVES_WAY);
                    return work.apply(tx);
                }));
    }

    private static Part some(DSLContext tx, Order order, long last) {
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
        boolean dryRun = order.request().dryRun();
        if (!dryRun) {
            RepairedRows.belongTo(tx, began(tx, order));
        }
        Condition keys = Sql.among(
                order.offer().key(), reported.map(row -> Json.texts(row.value2().data())));
        long rows = change(tx, order, keys);
        Part part = new Part(reported.get(reported.size() - 1).value1(), reported.size(), rows);
        if (dryRun) {
            tx.execute("rollback to savepoint dry_run");
        } else {
            heal(tx, order, last, part);
        }
        return part;
    }

    private static long change(DSLContext tx, Order order, Condition keys) {
        long rows = 0;
        for (RowCountQuery statement : order.repair().change().apply(keys)) {
            rows += tx.execute(statement);
        }
        return rows;
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

    /** The row of this request, so that what it changes can be told to be its doing. */
    private static long began(DSLContext tx, Order order) {
        return count(tx, order, new Part(0, 0, 0));
    }

    /** Adds to what the attempts before this one have done. */
    private static long count(DSLContext tx, Order order, Part part) {
        RepairRequest request = order.request();
        return tx.insertInto(REPAIR)
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
                .returning(REPAIR.ID)
                .fetchSingle()
                .getId();
    }

    /** Whether an attempt before this one has committed something of it. */
    private static boolean begun(Target target, Order order) {
        return target.dsl().fetchExists(REPAIR, REPAIR.ONCE.eq(order.once()));
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
