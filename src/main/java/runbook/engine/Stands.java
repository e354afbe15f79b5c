package runbook.engine;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.row;
import static runbook.generated.engine.Tables.STANDING;

import runbook.message.Run;
import runbook.message.Stand;

/** Where runs say that they stand, and what they salt their evidence with; the newest word of the newest owner. */
public final class Stands {

    private Stands() {}

    /** Keeps it, unless something newer is kept already; a run that was reset counts on from where it was reset to. */
    public static void keep(Target target, Stand stand) {
        target.inTransaction(tx -> {
            Runs.fence(tx, stand.run());
            return tx.insertInto(STANDING)
                    .set(STANDING.RUN, stand.run().id())
                    .set(STANDING.EPOCH, stand.run().epoch())
                    .set(STANDING.NUMBER, stand.number())
                    .set(STANDING.STATE, stand.state())
                    .set(STANDING.SALT, stand.run().workflowRun())
                    .onConflict(STANDING.RUN)
                    .doUpdate()
                    .set(STANDING.EPOCH, excluded(STANDING.EPOCH))
                    .set(STANDING.NUMBER, excluded(STANDING.NUMBER))
                    .set(STANDING.STATE, excluded(STANDING.STATE))
                    .set(STANDING.AT, excluded(STANDING.AT))
                    .set(STANDING.SALT, excluded(STANDING.SALT))
                    .where(row(STANDING.EPOCH, STANDING.NUMBER)
                            .lt(row(excluded(STANDING.EPOCH), excluded(STANDING.NUMBER)))
                            .or(STANDING.SALT.isDistinctFrom(excluded(STANDING.SALT))))
                    .execute();
        });
    }

    /** Where a run that was reset waits again, it gathers its evidence anew and says nothing else. */
    public static void salt(Target target, Run run) {
        target.dsl()
                .update(STANDING)
                .set(STANDING.SALT, run.workflowRun())
                .where(STANDING.RUN.eq(run.id()))
                .and(STANDING.EPOCH.eq(run.epoch()))
                .execute();
    }
}
