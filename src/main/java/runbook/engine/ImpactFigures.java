package runbook.engine;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.percentileCont;
import static runbook.generated.engine.Tables.APPLICATION_LATENCY;
import static runbook.generated.engine.Tables.IMPACT;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** The impact of a run in figures: percentiles of what was sampled, and of what the application told of itself. */
public final class ImpactFigures {

    public static final String APPLICATION = "the application itself";

    private static final String WRITTEN = ": write";

    /** With fewer, a percentile is but the slowest sample. */
    private static final long FOR_P95 = 20;

    private static final long FOR_P99 = 100;

    private static final Field<Integer> GAVE_WAY =
            count().filterWhere(IMPACT.WHY.isNull().and(IMPACT.MIRROR_MICROS.isNull()));

    private static final List<Field<BigDecimal>> READ = shares(IMPACT.READ_MICROS, 0.5, 0.95, 0.99);
    private static final List<Field<BigDecimal>> WRITE = shares(IMPACT.WRITE_MICROS, 0.5, 0.95, 0.99);
    private static final List<Field<BigDecimal>> MIRRORS = shares(IMPACT.MIRROR_MICROS, 0.5, 0.25, 0.75);

    private ImpactFigures() {}

    /**
     * What was measured at one moment.
     *
     * @param what the write, and whether it or the read before it, or {@code the application itself}
     * @param times null where nothing was measured; the note then says why
     * @param mirrors what they take of a write; null for what is no write
     */
    public record Line(
            String what,
            String moment,
            long samples,
            @Nullable Times times,
            @Nullable Mirrors mirrors,
            String note) {}

    /** So long 50, 95 and 99 of 100 took at most; null where there were too few to say so. */
    public record Times(
            double p50Millis,
            @Nullable Double p95Millis,
            @Nullable Double p99Millis) {}

    /** The median, and the two between which the middle half lies. */
    public record Mirrors(long medianMicros, long lowerMicros, long upperMicros) {}

    /** Each write of the migration at each moment, those without figures too; none before the schema phase. */
    public static List<Line> of(DSLContext tx, long run) {
        List<Field<?>> fields = new ArrayList<>(List.of(IMPACT.WRITE, IMPACT.MOMENT, count(IMPACT.READ_MICROS)));
        fields.addAll(List.of(GAVE_WAY, max(IMPACT.WHY)));
        fields.addAll(READ);
        fields.addAll(WRITE);
        fields.addAll(MIRRORS);
        List<? extends Record> sampled = tx.select(fields)
                .from(IMPACT)
                .where(IMPACT.RUN.eq(run))
                .groupBy(IMPACT.WRITE, IMPACT.MOMENT)
                .fetch();
        List<Line> lines = new ArrayList<>();
        Map<String, Map<String, Record>> byWrite = new TreeMap<>();
        sampled.forEach(row -> byWrite.computeIfAbsent(row.get(IMPACT.WRITE), write -> new TreeMap<>())
                .put(row.get(IMPACT.MOMENT), row));
        byWrite.forEach((write, byMoment) -> {
            if (write.isEmpty()) {
                byMoment.values().forEach(row -> lines.add(line("a write", WRITE, Moment.BEFORE, row)));
            } else {
                lines.addAll(lines(write + ": read", READ, byMoment));
                lines.addAll(lines(write + WRITTEN, WRITE, byMoment));
            }
        });
        lines.addAll(told(tx, run));
        return lines;
    }

    private static List<Line> lines(String what, List<Field<BigDecimal>> of, Map<String, Record> byMoment) {
        return Arrays.stream(Moment.values())
                .map(moment -> line(what, of, moment, byMoment.get(moment.word())))
                .toList();
    }

    private static Line line(String what, List<Field<BigDecimal>> of, Moment moment, @Nullable Record row) {
        if (row == null) {
            return new Line(what, moment.word(), 0, null, null, "not measured: the run has not come there");
        }
        long samples = row.get(2, Long.class);
        String why = row.get(4, String.class);
        String note = why == null ? "" : "not measured: " + why;
        if (samples == 0) {
            return new Line(what, moment.word(), 0, null, null, note);
        }
        boolean writes = of.equals(WRITE);
        long gaveWay = writes ? row.get(3, Long.class) : 0;
        Times times = new Times(
                millis(row, of.get(0)),
                samples < FOR_P95 ? null : Double.valueOf(millis(row, of.get(1))),
                samples < FOR_P99 ? null : Double.valueOf(millis(row, of.get(2))));
        return new Line(
                what,
                moment.word(),
                samples,
                times,
                writes && gaveWay < samples ? mirrors(row) : null,
                notes(note, samples, gaveWay));
    }

    private static String notes(String why, long samples, long gaveWay) {
        List<String> notes = new ArrayList<>(List.of(why));
        if (samples < FOR_P99) {
            notes.add("too few samples for " + (samples < FOR_P95 ? "p95 and p99" : "p99"));
        }
        if (gaveWay > 0) {
            notes.add(gaveWay + " gave way to a lock: they took at least so long");
        }
        notes.removeIf(String::isEmpty);
        return String.join("; ", notes);
    }

    private static Mirrors mirrors(Record row) {
        return new Mirrors(
                row.get(MIRRORS.get(0)).longValue(),
                row.get(MIRRORS.get(1)).longValue(),
                row.get(MIRRORS.get(2)).longValue());
    }

    private static List<Line> told(DSLContext tx, long run) {
        Map<String, Line> told = tx.selectFrom(APPLICATION_LATENCY)
                .where(APPLICATION_LATENCY.RUN.eq(run))
                .fetchMap(
                        APPLICATION_LATENCY.MOMENT,
                        row -> new Line(
                                APPLICATION,
                                row.getMoment(),
                                row.getStatements(),
                                new Times(row.getP50Millis(), row.getP95Millis(), row.getP99Millis()),
                                null,
                                "told by " + row.getToldBy()));
        return Arrays.stream(Moment.values())
                .map(moment -> told.get(moment.word()))
                .filter(Objects::nonNull)
                .toList();
    }

    /** For the summary of a phase: medians of its first write, beside those before; empty without figures. */
    static String words(List<Line> lines, Moment moment) {
        Optional<Line> now = write(lines, moment);
        if (now.isEmpty()) {
            return "";
        }
        Mirrors mirrors = now.get().mirrors();
        return String.format(Locale.ROOT, "; a write takes %.1f ms", median(now.get()))
                + write(lines, Moment.BEFORE)
                        .map(before -> String.format(Locale.ROOT, ", before %.1f ms", median(before)))
                        .orElse("")
                + (mirrors == null ? "" : ", its mirrors " + mirrors.medianMicros() + " µs");
    }

    private static Optional<Line> write(List<Line> lines, Moment moment) {
        return lines.stream()
                .filter(line -> line.what().endsWith(WRITTEN) && line.moment().equals(moment.word()))
                .filter(line -> line.times() != null)
                .findFirst();
    }

    private static double median(Line line) {
        return Objects.requireNonNull(line.times()).p50Millis();
    }

    /** The same for programs, in microseconds. */
    static Map<String, Long> counts(List<Line> lines, List<Moment> moments) {
        List<String> words = moments.stream().map(Moment::word).toList();
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Line line : lines) {
            Times times = line.times();
            if (times != null && words.contains(line.moment())) {
                String name = line.what() + ", " + line.moment() + ", ";
                counts.put(name + "p50 in µs", Math.round(times.p50Millis() * 1_000));
                put(counts, name + "p95 in µs", times.p95Millis());
                put(counts, name + "p99 in µs", times.p99Millis());
                Mirrors mirrors = line.mirrors();
                if (mirrors != null) {
                    counts.put(name + "mirrors in µs", mirrors.medianMicros());
                }
            }
        }
        return counts;
    }

    private static void put(Map<String, Long> counts, String name, @Nullable Double millis) {
        if (millis != null) {
            counts.put(name, Math.round(millis * 1_000));
        }
    }

    private static double millis(Record row, Field<BigDecimal> micros) {
        return row.get(micros).doubleValue() / 1_000;
    }

    private static List<Field<BigDecimal>> shares(Field<Long> of, double... shares) {
        List<Field<BigDecimal>> fields = new ArrayList<>();
        for (double share : shares) {
            fields.add(percentileCont(share).withinGroupOrderBy(of).as(of.getName() + "_" + Math.round(share * 100)));
        }
        return List.copyOf(fields);
    }
}
