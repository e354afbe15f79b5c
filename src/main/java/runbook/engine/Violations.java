package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.inline;
import static runbook.generated.engine.Tables.VIOLATION;

import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import runbook.engine.Chunks.Found;
import runbook.generated.engine.tables.records.ViolationRecord;
import runbook.message.PhaseRequest;

/** Keys whose rows differ, as one look at a comparison leaves them; each since it was seen first. */
final class Violations {

    /** Enough to see the pattern and to repair in rounds; the exact number is counted apart. */
    static final int KEPT = 20_000;

    /** So many are in memory of one look at one chunk: with their rows some megabytes at most, for each slot. */
    static final int AT_ONCE = 500;

    private final DSLContext tx;
    private final PhaseRequest request;
    private final String claim;
    private final String look;

    Violations(DSLContext tx, PhaseRequest request, String claim, String look) {
        this.tx = tx;
        this.request = request;
        this.claim = claim;
        this.look = look;
    }

    /** Keeps those of one chunk, as many as there is room for. */
    void keep(Found found) {
        if (found.first().isEmpty() && found.healed().isEmpty()) {
            return;
        }
        int room = room();
        List<Difference> kept = found.first().stream().limit(room).toList();
        List<Difference> healed =
                found.healed().stream().limit(room - kept.size()).toList();
        Map<JSONB, OffsetDateTime> since = new HashMap<>(forget(kept));
        since.putAll(forget(healed));
        OffsetDateTime now = tx.select(currentOffsetDateTime()).fetchSingle().value1();
        tx.batchInsert(Stream.concat(
                                kept.stream().map(one -> row(one, since, now, null)),
                                healed.stream().map(one -> row(one, since, now, now)))
                        .toList())
                .execute();
    }

    /** How many more can be kept. */
    int room() {
        return Math.max(0, KEPT - seen());
    }

    /** Those that this look has kept, healed ones too. */
    int seen() {
        return tx.fetchCount(VIOLATION, ofClaim().and(VIOLATION.LOOK.eq(look)));
    }

    /** Takes out what was known of these keys, and gives since when. */
    private Map<JSONB, OffsetDateTime> forget(List<Difference> differences) {
        return tx.deleteFrom(VIOLATION)
                .where(ofClaim())
                .and(VIOLATION.HEALED_AT.isNull())
                .and(VIOLATION.KEY.in(
                        differences.stream().map(one -> Sql.json(one.key())).toList()))
                .returning(VIOLATION.KEY, VIOLATION.SEEN_AT)
                .fetchMap(VIOLATION.KEY, VIOLATION.SEEN_AT);
    }

    private ViolationRecord row(
            Difference difference,
            Map<JSONB, OffsetDateTime> since,
            OffsetDateTime now,
            @Nullable OffsetDateTime healed) {
        JSONB key = Sql.json(difference.key());
        ViolationRecord row = tx.newRecord(VIOLATION);
        row.setRun(request.run().id());
        row.setPhase(request.phase().word());
        row.setCheckName(claim);
        row.setKey(key);
        row.setRow(difference.rows());
        row.setColumns(difference.columns().toArray(String[]::new));
        row.setOnlyIn(difference.onlyIn());
        row.setLook(look);
        row.setSeenAt(since.getOrDefault(key, now));
        row.setHealedAt(healed);
        return row;
    }

    /** What was seen under this look's name before it began counts as seen by an earlier one. */
    void leaveToOthers() {
        tx.update(VIOLATION)
                .setNull(VIOLATION.LOOK)
                .where(ofClaim())
                .and(VIOLATION.LOOK.eq(look))
                .execute();
    }

    /** What this look has not seen any more. */
    void healOthers() {
        tx.update(VIOLATION)
                .set(VIOLATION.HEALED_AT, currentOffsetDateTime())
                .where(ofClaim())
                .and(VIOLATION.HEALED_AT.isNull())
                .and(VIOLATION.LOOK.isDistinctFrom(inline(look)))
                .execute();
    }

    private Condition ofClaim() {
        return VIOLATION.RUN.eq(request.run().id()).and(VIOLATION.CHECK_NAME.eq(claim));
    }
}
