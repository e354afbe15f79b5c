package runbook.engine;

import org.jooq.DSLContext;
import runbook.message.Run;
import runbook.message.Start;
import runbook.spi.Backfill;

/**
 * How many rows the database may refuse before a person has to look.
 *
 * @param rows of all backfills of the run
 * @param perMille of the rows that one backfill looked at; 1000 for no such limit
 */
record Budget(int rows, int perMille) {

    static Budget of(Start start) {
        return new Budget(start.errorBudget(), start.errorsPerMille());
    }

    /**
     * How much of it is gone.
     *
     * @param ofRun rows of all backfills
     * @param refused of these, the backfill's own
     */
    record Spent(long ofRun, long refused, long scanned) {}

    static Spent spent(DSLContext tx, Run run, Backfill backfill) {
        return new Spent(
                Quarantine.held(tx, run),
                Quarantine.held(tx, run, backfill),
                Ranges.sums(tx, run, backfill.name()).scanned());
    }

    /**
     * Lets the copy go on while the budget lasts.
     *
     * @throws RunbookException.Parked when it is gone
     */
    void check(Spent spent, Run run, String where) {
        if (spent.ofRun() > rows) {
            throw gone(where + count(spent.ofRun()) + ", the error budget is " + rows, run);
        }
        // Of the first thousand rows a share says nothing yet: one in ten is one in ten then.
        if (spent.scanned() >= 1_000) {
            checkShare(spent, run, where);
        }
    }

    /**
     * Lets a backfill that has looked at all of its rows, however few, pass while its share lasts.
     *
     * @throws RunbookException.Parked when it is gone
     */
    void checkShare(Spent spent, Run run, String where) {
        if (spent.refused() * 1_000 > spent.scanned() * perMille) {
            throw gone(
                    where + count(spent.refused()) + " of " + spent.scanned() + ", the error budget is " + perMille
                            + " of 1,000",
                    run);
        }
    }

    private static String count(long refused) {
        return ": the database refused " + refused + (refused == 1 ? " row" : " rows");
    }

    private static RunbookException gone(String what, Run run) {
        return new RunbookException.Parked(what + ". Rows copied so far stay copied. See why: ./runbook report "
                + run.migration() + " --target " + run.target() + " --reveal. Remove the reason, then send the signal"
                + " 'retry', or 'rollback'.");
    }
}
