package runbook.engine.throttle;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static runbook.generated.engine.Tables.THROTTLE;

import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import runbook.generated.engine.tables.records.ThrottleRecord;
import runbook.message.Unit;

/** What a run's slots were throttled by, and for how long, as the database remembers it. */
public final class Throttlings {

    private static final Field<Double> LASTING = field(
            "case when {1} then extract(epoch from clock_timestamp() - {0}) end",
            Double.class, THROTTLE.SINCE, lately(THROTTLE.CHANGED_AT));

    private Throttlings() {}

    /** A slot says every few seconds what it does; one that has been silent for longer than this has lost its worker. */
    public static Condition lately(Field<OffsetDateTime> said) {
        return said.gt(field("clock_timestamp() - interval '15 s'", OffsetDateTime.class));
    }

    /**
     * How often, and for how long, one signal throttled one slot.
     *
     * @param lasting seconds since the newest began, while it lasts; null when none does
     */
    public record Line(
            String backfill,
            int slot,
            Cause cause,
            @Nullable Double lasting,
            long times,
            long lostMillis) {}

    /** All of a run, the longest first. */
    public static List<Line> of(DSLContext dsl, long run) {
        return dsl.select(THROTTLE.asterisk(), LASTING.as("lasting"))
                .from(THROTTLE)
                .where(THROTTLE.RUN.eq(run))
                .orderBy(THROTTLE.LOST_MILLIS.desc(), THROTTLE.BACKFILL, THROTTLE.SLOT, THROTTLE.SIGNAL)
                .fetch(row -> {
                    ThrottleRecord kept = row.into(THROTTLE);
                    return new Line(
                            kept.getBackfill(),
                            kept.getSlot(),
                            new Cause(kept.getSignal(), kept.getReading(), kept.getAllowed(), kept.getNote()),
                            row.get("lasting", Double.class),
                            kept.getTimes(),
                            kept.getLostMillis());
                });
    }

    /** What holds the copy up now: {@code lock waiters (7, limit 5) for 3 min}; empty when nothing does. */
    public static String now(List<Line> lines) {
        return lines.stream()
                .filter(line -> line.lasting() != null)
                .max(Comparator.comparing(Throttlings::seconds))
                .map(line -> line.cause().words() + " for " + Unit.SECONDS.said(Math.rint(seconds(line))))
                .orElse("");
    }

    /** For how many milliseconds that has lasted. */
    public static long lasting(List<Line> lines) {
        return Math.round(lines.stream().mapToDouble(Throttlings::seconds).max().orElse(0) * 1_000);
    }

    /** Milliseconds lost by signal, the most first; slots wait beside each other, so the one that waited longest counts. */
    public static Map<String, Long> lost(List<Line> lines) {
        Map<String, Map<String, Long>> longest = new TreeMap<>();
        lines.forEach(line -> longest.computeIfAbsent(line.cause().signal(), signal -> new TreeMap<>())
                .merge(line.backfill(), line.lostMillis(), Math::max));
        Map<String, Long> lost = new TreeMap<>();
        longest.forEach((signal, backfills) -> lost.put(
                signal, backfills.values().stream().mapToLong(Long::longValue).sum()));
        Map<String, Long> sorted = new LinkedHashMap<>();
        lost.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    private static double seconds(Line line) {
        Double lasting = line.lasting();
        return lasting == null ? 0 : lasting;
    }

    /** A slot begins to be throttled. */
    static void begin(DSLContext tx, ThrottleRecord key) {
        tx.insertInto(THROTTLE)
                .set(key)
                .set(THROTTLE.SINCE, currentOffsetDateTime())
                .set(THROTTLE.TIMES, 1L)
                .onConflict(THROTTLE.RUN, THROTTLE.BACKFILL, THROTTLE.SLOT, THROTTLE.SIGNAL)
                .doUpdate()
                .set(THROTTLE.READING, key.getReading())
                .set(THROTTLE.ALLOWED, key.getAllowed())
                .set(THROTTLE.NOTE, key.getNote())
                .set(THROTTLE.SINCE, currentOffsetDateTime())
                .set(THROTTLE.TIMES, THROTTLE.TIMES.plus(1))
                .set(THROTTLE.CHANGED_AT, currentOffsetDateTime())
                .execute();
    }

    /** A slot was throttled for so much longer; it is no more when nothing is left of the cause. */
    static void add(DSLContext tx, ThrottleRecord key, long millis, boolean lasts) {
        var update = tx.update(THROTTLE)
                .set(THROTTLE.READING, key.getReading())
                .set(THROTTLE.ALLOWED, key.getAllowed())
                .set(THROTTLE.NOTE, key.getNote())
                .set(THROTTLE.LOST_MILLIS, THROTTLE.LOST_MILLIS.plus(millis))
                .set(THROTTLE.CHANGED_AT, currentOffsetDateTime());
        (lasts ? update : update.setNull(THROTTLE.SINCE))
                .where(THROTTLE.RUN.eq(key.getRun()))
                .and(THROTTLE.BACKFILL.eq(key.getBackfill()))
                .and(THROTTLE.SLOT.eq(key.getSlot()))
                .and(THROTTLE.SIGNAL.eq(key.getSignal()))
                .execute();
    }
}
