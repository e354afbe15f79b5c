package runbook.engine;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static runbook.generated.engine.Tables.REPAIR;
import static runbook.generated.engine.Tables.REPAIRED_ROW;
import static runbook.generated.engine.Tables.TAKE_BACK;

import java.util.Optional;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Name;
import org.jooq.Query;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.message.Run;
import runbook.spi.Migration;

/**
 * Keeps what rows held before a repair wrote them, and puts it back. A trigger sees what mirrors and the application's own
 * triggers make of a repair too; it comes with the first repair of a run and goes before the mirrors do.
 */
final class RepairedRows {

    private static final Name TRIGGER = DSL.name("runbook_repaired");

    private static final String CREATE = "create or replace trigger {0} after insert or update or delete on {1}"
            + " for each row when (current_setting('runbook.repair', true) <> '')"
            + " execute function runbook.keep_repaired_row()";

    private RepairedRows() {}

    /** What one transaction of a way back looked at, and what of it it put back; the rest had changed since. */
    record Part(long rows, long putBack) {}

    /** What watches the tables, once somebody repairs anything. */
    static Stream<Query> watching(Migration migration) {
        return Offer.of(migration).isEmpty()
                ? Stream.empty()
                : Extent.tables(migration).map(table -> DSL.query(CREATE, TRIGGER, table));
    }

    /** From now on; where it is so already, no lock is taken. */
    static void watch(Target target, Run run, Migration migration, Pulse pulse) {
        for (Table<?> table : Extent.tables(migration).toList()) {
            if (Volumes.present(target, table) && !Triggers.fires(target.dsl(), table, TRIGGER)) {
                locked(target, run, table, pulse, CREATE);
            }
        }
    }

    static void end(Target target, Run run, Migration migration, Pulse pulse) {
        for (Table<?> table : Extent.tables(migration).toList()) {
            if (Triggers.mode(target.dsl(), table, TRIGGER) != null) {
                locked(target, run, table, pulse, "drop trigger if exists {0} on {1}");
            }
        }
    }

    /** Everything that this transaction writes from now on belongs to this repair. */
    static void belongTo(DSLContext tx, long repair) {
        tx.fetch("select set_config('runbook.repair', {0}, true)", inline(String.valueOf(repair)));
    }

    /** The repair that a way back is about: the one it has begun with, else the newest that nobody has taken back. */
    static Optional<Long> taken(DSLContext dsl, Run run, String check, String once) {
        Condition own =
                REPAIRED_ROW.TAKEN_BY.in(DSL.select(REPAIR.ID).from(REPAIR).where(REPAIR.ONCE.eq(once)));
        return newest(dsl, own)
                .or(() -> newest(
                        dsl,
                        REPAIRED_ROW
                                .TAKEN_BY
                                .isNull()
                                .and(REPAIRED_ROW.REPAIR.in(DSL.select(REPAIR.ID)
                                        .from(REPAIR)
                                        .where(REPAIR.RUN.eq(run.id()))
                                        .and(REPAIR.CHECK_NAME.eq(check))
                                        .and(REPAIR.REPAIR_.ne(Repairs.TAKE_BACK))))));
    }

    private static Optional<Long> newest(DSLContext dsl, Condition which) {
        return dsl.select(max(REPAIRED_ROW.REPAIR))
                .from(REPAIRED_ROW)
                .where(which)
                .fetchOptional(0, Long.class);
    }

    /** Takes some rows of a repair back. */
    static Part takeBack(DSLContext tx, long taken, long own, int many) {
        return tx.selectFrom(TAKE_BACK.call(taken, own, many))
                .fetchSingle(row -> new Part(row.getLookedAt(), row.getPutBack()));
    }

    private static void locked(Target target, Run run, Table<?> table, Pulse pulse, String statement) {
        Tries.forLocks(
                target,
                run,
                "watch of what repairs change in " + Sql.shown(table),
                pulse,
                tries -> target.inTransaction(tx -> {
                    Runs.fence(tx, run);
                    return tx.execute(statement, TRIGGER, table);
                }));
    }
}
