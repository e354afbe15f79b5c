package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static runbook.generated.engine.Tables.CHUNK;
import static runbook.generated.engine.Tables.LOOK;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import runbook.engine.Contrast.Sides;
import runbook.generated.engine.tables.records.ChunkRecord;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Comparison;

/**
 * The chunks of one look at a comparison, as the database remembers them: cut one behind the other while slots ask for
 * more, none left out, the first without a beginning and the last without an end; one that is too much at once is halved. A
 * look that was interrupted goes on with the chunks that have no verdict; another look, or the same one once it is over,
 * begins anew.
 */
final class Chunks {

    /** Whatever keeps three chunks from being compared keeps the others from it too. */
    static final int MOST_NOT_VERIFIED = 3;

    /** Others hold the look for as long as the next chunk is cut. */
    private static final String PATIENT = "set local lock_timeout = '1min'";

    private final Target target;
    private final PhaseRequest request;
    private final Run run;
    private final Comparison comparison;
    private final String look;
    private final Chunking chunking;

    /** Names the attempt: another one after a kill. */
    private final String token = UUID.randomUUID().toString();

    /** @param look names the look: the same one after a kill */
    Chunks(Target target, PhaseRequest request, Comparison comparison, String look) {
        this.target = target;
        this.request = request;
        this.run = request.run();
        this.comparison = comparison;
        this.look = look;
        this.chunking = new Chunking(run, comparison);
    }

    /** What a look at one chunk came to. */
    record Seen(Verdict verdict, Sides sides, Found found, String note) {}

    /**
     * Differing keys.
     *
     * @param keys how many there are
     * @param first of them, in full
     * @param healed those that were there a moment before
     */
    record Found(long keys, List<Difference> first, List<Difference> healed) {

        static final Found NONE = new Found(0, List.of(), List.of());
    }

    /** Forgets the look before this one, or goes on with this one and takes it over from an earlier attempt. */
    void begin() {
        target.inTransaction(tx -> {
            tx.execute(PATIENT);
            Runs.fence(tx, run);
            int before = tx.deleteFrom(LOOK)
                    .where(LOOK.RUN.eq(run.id()))
                    .and(LOOK.CHECK_NAME.eq(comparison.claim()))
                    .and(LOOK.NAME.ne(look).or(LOOK.ENDED_AT.isNotNull()))
                    .execute();
            if (before > 0) {
                violations(tx).leaveToOthers();
            }
            return tx.insertInto(LOOK)
                    .set(LOOK.RUN, run.id())
                    .set(LOOK.CHECK_NAME, comparison.claim())
                    .set(LOOK.NAME, look)
                    .set(LOOK.TOKEN, token)
                    .onConflict(LOOK.RUN, LOOK.CHECK_NAME)
                    .doUpdate()
                    .set(LOOK.TOKEN, token)
                    .execute();
        });
    }

    /**
     * The next chunk for a slot; empty when none is left, or too many could not be verified.
     *
     * @param rows how many keys it is to have
     */
    Optional<ChunkRecord> next(long rows) {
        return target.inTransaction(tx -> {
            hold(tx);
            int notVerified =
                    tx.fetchCount(CHUNK, chunking.ofLook().and(CHUNK.VERDICT.eq(Verdict.NOT_VERIFIED.word())));
            return notVerified >= MOST_NOT_VERIFIED
                    ? Optional.empty()
                    : left(tx).or(() -> chunking.cut(tx, rows, token));
        });
    }

    /** One that an attempt before this one did not come to an end with, or a half. */
    private Optional<ChunkRecord> left(DSLContext tx) {
        return tx.selectFrom(CHUNK)
                .where(chunking.ofLook())
                .and(CHUNK.VERDICT.isNull())
                .and(CHUNK.TOKEN.ne(token))
                .orderBy(CHUNK.NUMBER)
                .limit(1)
                .fetchOptional()
                .map(chunk -> {
                    chunk.setToken(token);
                    chunk.store();
                    return chunk;
                });
    }

    /**
     * Makes two of a chunk that is too much at once, for whoever asks next.
     *
     * @return whether that was possible: it has keys enough
     */
    boolean halve(ChunkRecord chunk) {
        return target.inTransaction(tx -> {
            hold(tx);
            return chunking.halve(tx, chunk);
        });
    }

    /** Whether more differences can be kept than are told at once. */
    boolean room() {
        return violations(target.dsl()).room() > Violations.AT_ONCE;
    }

    Condition keys(ChunkRecord chunk) {
        return chunking.keys(chunk);
    }

    /**
     * Keeps the verdict of a chunk, and its differences, at once.
     *
     * @throws RunbookException.Fenced when a later attempt goes on with the look, or another owner with the run
     */
    void keep(ChunkRecord chunk, Seen seen, long millis) {
        target.inTransaction(tx -> {
            hold(tx);
            tx.update(CHUNK)
                    .set(CHUNK.VERDICT, seen.verdict().word())
                    .set(CHUNK.OLD_ROWS, seen.sides().oldRows())
                    .set(CHUNK.NEW_ROWS, seen.sides().newRows())
                    .set(CHUNK.FOUND, seen.found().keys())
                    .set(CHUNK.HEALED, (long) seen.found().healed().size())
                    .set(CHUNK.NOTE, seen.note())
                    .set(CHUNK.MILLIS, millis)
                    .set(CHUNK.CHANGED_AT, currentOffsetDateTime())
                    .where(chunking.ofLook())
                    .and(CHUNK.NUMBER.eq(chunk.getNumber()))
                    .execute();
            violations(tx).keep(seen.found());
            return chunk;
        });
    }

    /** What all chunks came to; differences that this look did not find are healed, where it found and kept all. */
    LookTotal end() {
        return target.inTransaction(tx -> {
            hold(tx);
            tx.update(LOOK)
                    .set(LOOK.ENDED_AT, currentOffsetDateTime())
                    .where(LOOK.RUN.eq(run.id()))
                    .and(LOOK.CHECK_NAME.eq(comparison.claim()))
                    .execute();
            LookTotal total = LookTotal.of(tx, chunking.ofLook());
            Violations violations = violations(tx);
            if (total.whole() && total.notVerified() == 0 && total.found() + total.healed() == violations.seen()) {
                violations.healOthers();
            }
            return total;
        });
    }

    private Violations violations(DSLContext tx) {
        return new Violations(tx, request, comparison.claim(), look);
    }

    /** One at a time cuts, or keeps; whoever was replaced does neither. */
    private void hold(DSLContext tx) {
        tx.execute(PATIENT);
        Runs.fence(tx, run);
        boolean held = tx.selectFrom(LOOK)
                .where(LOOK.RUN.eq(run.id()))
                .and(LOOK.CHECK_NAME.eq(comparison.claim()))
                .and(LOOK.NAME.eq(look))
                .and(LOOK.TOKEN.eq(token))
                .forUpdate()
                .fetchOptional()
                .isPresent();
        if (!held) {
            throw new RunbookException.Fenced(run.migration() + ": comparison '" + comparison.claim()
                    + "': a later attempt goes on with it. Nothing more of this one was kept.");
        }
    }
}
