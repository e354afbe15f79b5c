package runbook.engine;

import static org.jooq.impl.DSL.inline;

import java.util.Map;
import java.util.TreeMap;
import org.jooq.exception.DataAccessException;
import runbook.spi.Migration;

/** What a roll-back would lose, counted on the rows of now. */
final class WouldLose {

    private WouldLose() {}

    /**
     * How many rows, by claim.
     *
     * @param patience how long one claim may be counted
     */
    static Map<String, Long> rows(Target target, Migration migration, String patience) {
        return target.inTransaction(tx -> {
            tx.fetch("select set_config('statement_timeout', {0}, true)", inline(patience));
            Map<String, Long> counted = new TreeMap<>();
            migration.losses().forEach(loss -> counted.put(loss.claim(), (long) tx.fetchCount(loss.rows())));
            return counted;
        });
    }

    /** Without its full stop. */
    static String sentence(Map<String, Long> rows) {
        if (rows.isEmpty()) {
            return "What a roll-back would lose is not verified: the migration names no loss";
        }
        long all = rows.values().stream().mapToLong(Long::longValue).sum();
        return all == 0
                ? "A roll-back would lose nothing"
                : "A roll-back would lose " + all + (all == 1 ? " row" : " rows");
    }

    /** The same in one go, for a proof that does not stand or fall with it. */
    static String sentence(Target target, Migration migration) {
        try {
            return sentence(rows(target, migration, "1min"));
        } catch (DataAccessException e) {
            if (Sql.away(e)) {
                throw e;
            }
            return "What a roll-back would lose is not verified: SQLSTATE " + e.sqlState();
        }
    }
}
