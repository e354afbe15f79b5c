package runbook.engine.account;

import java.util.List;
import org.jooq.DSLContext;
import org.jooq.JSONFormat;
import org.jooq.exception.DataAccessException;
import runbook.engine.Target;
import runbook.engine.account.Reversibility.Mapping;
import runbook.engine.account.Reversibility.Verdict;
import runbook.spi.Loss;

/** Counts what the old shape cannot hold on the real rows; what cannot be counted is not verified. */
final class Losses {

    /** SQLSTATE undefined_table. */
    static final String NO_TABLE = "42P01";

    private static final JSONFormat ROW = new JSONFormat().header(false).recordFormat(JSONFormat.RecordFormat.OBJECT);

    private Losses() {}

    /** One claim, count and rows at one snapshot; the note of what could not be counted is its SQLSTATE. */
    static Mapping count(Target target, Loss loss, boolean reveal) {
        try {
            return target.atOneSnapshot(tx -> {
                tx.execute("set local statement_timeout = '1min'");
                long rows = tx.fetchCount(loss.rows());
                Verdict verdict = rows == 0 ? Verdict.LOSSLESS : Verdict.LOSES;
                return new Mapping(loss.claim(), verdict, rows, "", reveal ? shown(tx, loss) : List.of());
            });
        } catch (DataAccessException e) {
            return new Mapping(loss.claim(), Verdict.NOT_VERIFIED, null, e.sqlState(), List.of());
        }
    }

    private static List<String> shown(DSLContext tx, Loss loss) {
        return tx.selectFrom(loss.rows().asTable("lost")).limit(Accounts.SHOWN).fetch(row -> row.formatJSON(ROW));
    }
}
