package runbook.engine;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import runbook.engine.Chunks.Found;
import runbook.engine.Chunks.Seen;
import runbook.engine.Comparisons.Way;
import runbook.engine.Contrast.Sides;
import runbook.engine.throttle.Throttle;
import runbook.generated.engine.tables.records.ChunkRecord;
import runbook.message.PhaseRequest;
import runbook.message.Tuning;
import runbook.message.Verdict;

/**
 * One slot of a comparison: takes a chunk, looks at it, takes the next. Between two chunks it looks at what is wanted, and
 * waits while the server is not to be burdened. A chunk whose fingerprints differ is looked at key by key at the same
 * snapshot, where the difference is real, and once more at the next one: what is gone by then has healed.
 */
final class Comparer {

    /** Twice a copy's first batch: it only reads, and is over soon on any machine; the next ones are steered. */
    static final int FIRST = 2 * Pace.FIRST;

    /** It holds no lock that anybody waits for; short enough that a pause is heard soon, and no snapshot gets old. */
    private static final long MILLIS = 200;

    /** SQLSTATE query_canceled. */
    static final String LIMIT_REACHED = "57014";

    private static final Sides UNKNOWN = new Sides(0, null, 0, null);

    private final Target target;
    private final PhaseRequest request;
    private final Way way;
    private final Contrast contrast;
    private volatile String heldUp = "";

    Comparer(Target target, PhaseRequest request, Way way, Contrast contrast) {
        this.target = target;
        this.request = request;
        this.way = way;
        this.contrast = contrast;
    }

    /** What a slot was held up by for longer than it has patience, so that it ended; empty when there was none. */
    String heldUp() {
        return heldUp;
    }

    /** Compares until no chunk is left, or it was held up for too long. */
    void compare(int slot, Chunks chunks, Pulse pulse) {
        String claim = contrast.comparison().claim();
        Wanted wanted = new Wanted(target, request.run(), pulse);
        Throttle throttle = new Throttle(target, request, contrast.comparison(), slot);
        Neighbours neighbours = new Neighbours(target);
        Pace pace = new Pace(FIRST);
        long held = 0;
        while (true) {
            Tuning tuning = wanted.heed(claim);
            if (tuning.workers() > 0 && slot >= tuning.workers()) {
                return;
            }
            long began = System.nanoTime();
            if (throttle.holds(request.start().limits().with(tuning.limits()), pulse)) {
                held += System.nanoTime() - began;
                if (outOfPatience(held, throttle)) {
                    return;
                }
                continue;
            }
            Optional<ChunkRecord> chunk = chunks.next(pace.rows());
            if (chunk.isEmpty()) {
                return;
            }
            pulse.beat(Map.of(
                    "check", claim, "slot", slot + 1, "chunk", chunk.get().getNumber()));
            step(chunk.get(), chunks, pace, aim(tuning, neighbours), pulse);
        }
    }

    private boolean outOfPatience(long heldNanos, Throttle throttle) {
        if (heldNanos <= way.patience().toNanos()) {
            return false;
        }
        heldUp = throttle.giveUp();
        return true;
    }

    private void step(ChunkRecord chunk, Chunks chunks, Pace pace, Pace.Aim aim, Pulse pulse) {
        long began = System.nanoTime();
        Optional<Seen> seen = look(chunk, chunks, pulse);
        long nanos = System.nanoTime() - began;
        seen.ifPresent(found -> chunks.keep(chunk, found, nanos / 1_000_000));
        if (seen.isEmpty() || seen.get().verdict() == Verdict.NOT_VERIFIED) {
            pace.halve("a chunk could not be compared");
        } else {
            pace.took(nanos / 1_000_000, chunk.getKeys(), aim);
        }
        Pauses.rest(Duration.ofNanos((long) (aim.rest() * nanos)), pulse, Map.of("rests", aim.toString()));
    }

    /** As long whether others are at work or not, since nobody waits for it; but then it rests like a copy. */
    private Pace.Aim aim(Tuning tuning, Neighbours neighbours) {
        Pace.Aim found = neighbours.aim(way.slots());
        return new Pace.Aim(
                tuning.batchMillis() > 0 ? tuning.batchMillis() : MILLIS,
                tuning.ratio() > 0 ? tuning.ratio() : found.rest(),
                found.because());
    }

    /** Empty when it is too much at once: its halves are looked at by whoever is free. */
    private Optional<Seen> look(ChunkRecord chunk, Chunks chunks, Pulse pulse) {
        Condition keys = chunks.keys(chunk);
        try {
            First first = first(keys);
            if (first.sides().equal()) {
                return Optional.of(new Seen(Verdict.PASSED, first.sides(), Found.NONE, ""));
            }
            return first.differences().more() && chunks.room() && chunks.halve(chunk)
                    ? Optional.empty()
                    : Optional.of(again(chunk, keys, first, pulse));
        } catch (DataAccessException e) {
            unlessUnwanted(chunk, pulse);
            return Sql.state(e).equals(LIMIT_REACHED) && chunks.halve(chunk)
                    ? Optional.empty()
                    : Optional.of(new Seen(Verdict.NOT_VERIFIED, UNKNOWN, Found.NONE, words(chunk, e)));
        }
    }

    /** Whoever is no longer wanted learns it here: a cancelled statement looks like one that ran into its limit. */
    private void unlessUnwanted(ChunkRecord chunk, Pulse pulse) {
        pulse.beat(Map.of("check", contrast.comparison().claim(), "chunk", chunk.getNumber()));
    }

    private record First(Sides sides, Difference.Several differences) {}

    private First first(Condition keys) {
        return target.atOneSnapshot(tx -> {
            tx.execute(settings());
            Sides sides = contrast.fingerprints(tx, keys);
            return new First(sides, sides.equal() ? Difference.Several.NONE : differences(tx, keys));
        });
    }

    private Seen again(ChunkRecord chunk, Condition keys, First first, Pulse pulse) {
        if (first.differences().keys() == 0) {
            String contradiction = where(chunk) + ": its fingerprints differ, and none of its keys does";
            return new Seen(Verdict.NOT_VERIFIED, first.sides(), Found.NONE, contradiction);
        }
        try {
            Difference.Several again = target.atOneSnapshot(tx -> {
                tx.execute(settings());
                return differences(tx, keys);
            });
            Found found = new Found(again.keys(), again.first(), healed(first.differences(), again));
            return new Seen(again.keys() == 0 ? Verdict.PASSED : Verdict.FAILED, first.sides(), found, "");
        } catch (DataAccessException e) {
            unlessUnwanted(chunk, pulse);
            // What was seen was seen: without another look nobody can say that it has healed.
            Found found =
                    new Found(first.differences().keys(), first.differences().first(), List.of());
            return new Seen(Verdict.FAILED, first.sides(), found, words(chunk, e));
        }
    }

    private Difference.Several differences(DSLContext tx, Condition keys) {
        return contrast.differences(tx, keys, Violations.AT_ONCE);
    }

    /** Keeps an error where those who may read the data read it; unless the server is away, which says nothing. */
    private String words(ChunkRecord chunk, DataAccessException error) {
        if (Sql.away(error)) {
            throw error;
        }
        String object = contrast.comparison().claim() + ", " + where(chunk);
        long problem =
                Problems.keep(target.dsl(), request.run(), request.phase().word(), object, error);
        return where(chunk) + ": " + Problems.words(request.run(), error, problem);
    }

    private static String where(ChunkRecord chunk) {
        return "chunk " + chunk.getNumber();
    }

    /** Where not every key was told, one that is absent may only be beyond the limit. */
    private static List<Difference> healed(Difference.Several first, Difference.Several again) {
        if (again.more()) {
            return List.of();
        }
        Set<List<String>> still =
                again.first().stream().map(Difference::key).collect(Collectors.toCollection(HashSet::new));
        return first.first().stream().filter(one -> !still.contains(one.key())).toList();
    }

    private String settings() {
        return Contrast.SETTINGS + "; set local statement_timeout = "
                + way.limit().toMillis();
    }
}
