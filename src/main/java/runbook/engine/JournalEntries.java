package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static runbook.generated.engine.Tables.JOURNAL;
import static runbook.generated.engine.Tables.STOP;

import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import runbook.message.Run;
import runbook.spi.Migration;

/** Writes that a mirror could only note, because it was stopped: each is copied again from the old shape. */
final class JournalEntries {

    /** Few enough that the locks of one transaction are short. */
    private static final int AT_ONCE = 50;

    private JournalEntries() {}

    /** Copies what is noted again, unless the mirrors are still stopped. */
    static void settle(Target target, Run run, Migration migration, Pulse pulse) {
        if (migration.recopy().isEmpty() || target.dsl().fetchExists(STOP)) {
            return;
        }
        boolean more = true;
        while (more) {
            more = Tries.forLocks(
                    target,
                    run,
                    "journal",
                    pulse,
                    tries -> target.inTransaction(tx -> {
                        Runs.fence(tx, run);
                        return some(tx, migration);
                    }));
        }
    }

    /** After a roll-back nothing is to be copied any more. */
    static void dismiss(DSLContext tx, Migration migration) {
        tx.update(JOURNAL)
                .set(JOURNAL.SETTLED_AT, currentOffsetDateTime())
                .where(open(migration))
                .execute();
    }

    /** How many wait to be copied. */
    static int open(DSLContext tx, Migration migration) {
        return tx.fetchCount(JOURNAL, open(migration));
    }

    /** For where nothing more is copied: a long transaction may commit its entry after the proof. */
    static void refuseOpen(DSLContext tx, String where, Migration migration) {
        int open = open(tx, migration);
        if (open > 0) {
            throw new RunbookException.Parked(
                    where + open + (open == 1 ? " write was" : " writes were")
                            + " noted since the proof and not yet copied. Send the signal 'retry', which copies and proves first.");
        }
    }

    private static boolean some(DSLContext tx, Migration migration) {
        List<Long> entries = tx.select(JOURNAL.ID)
                .from(JOURNAL)
                .where(open(migration))
                .orderBy(JOURNAL.ID)
                .limit(AT_ONCE)
                .fetch(JOURNAL.ID);
        if (entries.isEmpty()) {
            return false;
        }
        tx.select(migration.recopy().orElseThrow().apply(JOURNAL.KEY))
                .from(JOURNAL)
                .where(JOURNAL.ID.in(entries))
                .fetch();
        tx.update(JOURNAL)
                .set(JOURNAL.SETTLED_AT, currentOffsetDateTime())
                .where(JOURNAL.ID.in(entries))
                .execute();
        return true;
    }

    private static Condition open(Migration migration) {
        return JOURNAL.MIGRATION.eq(migration.name()).and(JOURNAL.SETTLED_AT.isNull());
    }
}
