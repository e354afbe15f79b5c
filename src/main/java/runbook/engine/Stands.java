package runbook.engine;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.row;
import static runbook.generated.engine.Tables.STANDING;

import runbook.message.Stand;

/** Where runs say that they stand; the newest word of the newest owner. */
public final class Stands {

    private Stands() {}

    /** Keeps it, unless something newer is kept already. */
    public static void keep(Target target, Stand stand) {
        target.inTransaction(tx -> {
            Runs.fence(tx, stand.run());
            return tx.insertInto(STANDING)
                    .set(STANDING.RUN, stand.run().id())
                    .set(STANDING.EPOCH, stand.run().epoch())
                    .set(STANDING.NUMBER, stand.number())
                    .set(STANDING.STATE, stand.state())
                    .onConflict(STANDING.RUN)
                    .doUpdate()
                    .set(STANDING.EPOCH, excluded(STANDING.EPOCH))
                    .set(STANDING.NUMBER, excluded(STANDING.NUMBER))
                    .set(STANDING.STATE, excluded(STANDING.STATE))
                    .set(STANDING.AT, excluded(STANDING.AT))
                    .where(row(STANDING.EPOCH, STANDING.NUMBER)
                            .lt(row(excluded(STANDING.EPOCH), excluded(STANDING.NUMBER))))
                    .execute();
        });
    }
}
