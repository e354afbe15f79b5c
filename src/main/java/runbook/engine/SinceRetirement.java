package runbook.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import runbook.engine.Unarchive.Lost;
import runbook.spi.Comparison;
import runbook.spi.Key;

/**
 * Keys that the new shape tells otherwise than the retired one, by what the validation calls equal. Part by part, each at a
 * snapshot of its own, so that no table is too large for it; nothing is kept, since no run is open.
 */
final class SinceRetirement {

    private static final Pace.Aim AIM = new Pace.Aim(1_000, 0, "nobody waits for it");

    private final Target target;
    private final RetiredShape shape;
    private final Comparison comparison;
    private final Duration most;

    /** @param most how long it is looked in all; what was not seen by then is not verified */
    SinceRetirement(Target target, RetiredShape shape, Comparison comparison, Duration most) {
        this.target = target;
        this.shape = shape;
        this.comparison = comparison;
        this.most = most;
    }

    static String claim(Comparison comparison) {
        return "written since the retirement, by: " + comparison.claim();
    }

    /** Keys of one part, and where it ends; null when it is the last one. */
    private record Part(
            long keys, List<String> listed, @Nullable JSONB upTo) {}

    /**
     * Counts them.
     *
     * @param listed how many are listed
     */
    Lost count(int listed) {
        try {
            List<String> problems = shape.look(target, tx -> Comparability.problems(tx, comparison));
            return problems.isEmpty() ? parts(listed) : notVerified(String.join(" ", problems));
        } catch (DataAccessException e) {
            return notVerified("SQLSTATE " + e.sqlState());
        }
    }

    private Lost parts(int listed) {
        Pace pace = new Pace(Comparer.FIRST);
        long until = System.nanoTime() + most.toNanos();
        long keys = 0;
        List<String> rows = new ArrayList<>();
        JSONB after = null;
        do {
            Part part = part(after, pace, listed - rows.size());
            keys += part.keys();
            rows.addAll(part.listed());
            after = part.upTo();
            if (after != null && System.nanoTime() > until) {
                return notVerified("looked for " + most.toMinutes() + " min and not at all of it; " + keys + " so far");
            }
        } while (after != null);
        return new Lost(claim(comparison), keys, "", rows);
    }

    private Part part(@Nullable JSONB after, Pace pace, int listed) {
        while (true) {
            int rows = pace.rows();
            long began = System.nanoTime();
            try {
                Part part = shape.look(target, tx -> look(tx, after, rows, listed));
                pace.took((System.nanoTime() - began) / 1_000_000, rows, AIM);
                return part;
            } catch (DataAccessException e) {
                if (!Sql.state(e).equals(Comparer.LIMIT_REACHED) || rows <= Chunking.LEAST) {
                    throw e;
                }
                pace.halve("a part ran into its limit");
            }
        }
    }

    private Part look(DSLContext tx, @Nullable JSONB after, int rows, int listed) {
        tx.execute(Contrast.SETTINGS);
        Key key = comparison.key();
        Optional<JSONB> upTo = Ranges.boundary(tx, key, Chunking.between(key, after, null), rows)
                .map(Sql::json);
        Condition part = Chunking.between(key, after, upTo.orElse(null));
        Difference.Several found = Contrast.of(tx, comparison).differences(tx, part, Math.max(1, listed));
        List<String> told = found.first().stream()
                .limit(listed)
                .map(one -> one.rows().data())
                .toList();
        return new Part(found.keys(), told, upTo.orElse(null));
    }

    private Lost notVerified(String why) {
        return new Lost(claim(comparison), null, why, List.of());
    }
}
