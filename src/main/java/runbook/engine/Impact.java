package runbook.engine;

import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectFrom;
import static runbook.generated.engine.Tables.IMPACT;
import static runbook.generated.engine.Tables.RANGE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.exception.DataAccessException;
import runbook.engine.throttle.Errors;
import runbook.generated.engine.tables.records.ImpactRecord;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.spi.Migration;
import runbook.spi.Write;

/**
 * What the application may notice of a run, sampled by the engine itself: the same reads and writes before the mirrors are
 * there, with them, beside the copy, and after the cutover. Where there is no figure, the reason is kept instead.
 */
public final class Impact {

    /** Enough for a 99th percentile that is not a single sample. */
    static final int SAMPLES = 120;

    /** A server that is so slow gives fewer samples. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** Not counted: the first ones pay for plans and cold pages. */
    private static final int WARM_UP = 30;

    private final Target target;
    private final PhaseRequest request;
    private final Migration migration;

    public Impact(Target target, PhaseRequest request, Migration migration) {
        this.target = target;
        this.request = request;
        this.migration = migration;
    }

    /** Before the mirrors; a phase that begins again keeps what was measured, since they may be there by now. */
    void before(Pulse pulse) {
        if (known(Moment.BEFORE)) {
            return;
        }
        if (migration.writes().isEmpty()) {
            unknown("", Moment.BEFORE, "the migration names no write of the application");
        } else if (migration.mirrors().stream().anyMatch(mirror -> Triggers.mode(target.dsl(), mirror) != null)) {
            migration.writes().forEach(write -> unknown(write.name(), Moment.BEFORE, "the mirrors were already there"));
        } else {
            measure(Moment.BEFORE, pulse);
        }
    }

    /** A moment that is measured already stays as it was. */
    void once(Moment moment, Pulse pulse) {
        if (!known(moment)) {
            measure(moment, pulse);
        }
    }

    /** With each write of the migration, one after the other. */
    private void measure(Moment moment, Pulse pulse) {
        for (Write write : migration.writes()) {
            try {
                List<Probe.Sample> samples = samples(write, pulse);
                keep(write, moment, samples);
                if (samples.isEmpty()) {
                    unknown(write.name(), moment, "no row was found to try it on");
                }
            } catch (DataAccessException e) {
                Errors.passOn(e);
                failed(write, moment, e);
            }
        }
    }

    private List<Probe.Sample> samples(Write write, Pulse pulse) {
        Probe probe = new Probe(target, migration, write);
        List<Probe.Sample> samples = new ArrayList<>();
        long until = System.nanoTime() + LONGEST.toNanos();
        for (int i = 0; i < WARM_UP + SAMPLES && System.nanoTime() < until; i++) {
            pulse.beat(Map.of("times", write.name()));
            Optional<Probe.Sample> sample = probe.sample();
            if (i >= WARM_UP) {
                sample.ifPresent(samples::add);
            }
        }
        return samples;
    }

    /** Does the copying of one slot, and takes samples beside it, of which all slots together take one at a time. */
    public void beside(Runnable copying) {
        if (migration.writes().isEmpty()) {
            copying.run();
            return;
        }
        try (ImpactWatch watch = new ImpactWatch(this)) {
            watch.start();
            copying.run();
        }
    }

    List<Probe> probes() {
        return migration.writes().stream()
                .map(write -> new Probe(target, migration, write))
                .toList();
    }

    /**
     * Whether any batch ended within the time that a batch may take, since a copy that waits for its window is not felt,
     * and no slot has taken a sample for so long.
     */
    boolean due(Duration rest) {
        Condition copying =
                RANGE.RUN.eq(run().id()).and(condition("{0} > clock_timestamp() - interval '10 s'", RANGE.CHANGED_AT));
        Condition sampled = IMPACT.RUN
                .eq(run().id())
                .and(IMPACT.MOMENT.eq(Moment.DURING.word()))
                .and(condition("{0} > clock_timestamp() - {1} * interval '1 ms'", IMPACT.AT, inline(rest.toMillis())));
        return target.dsl()
                .fetchSingle(select(field(exists(selectFrom(RANGE).where(copying))
                        .and(notExists(selectFrom(IMPACT).where(sampled))))))
                .value1();
    }

    void keep(Write write, Moment moment, List<Probe.Sample> samples) {
        write(samples.stream()
                .map(sample -> {
                    ImpactRecord row = row(write.name(), moment);
                    row.setReadMicros(sample.readMicros());
                    row.setWriteMicros(sample.writeMicros());
                    row.setMirrorMicros(sample.mirrorMicros());
                    return row;
                })
                .toList());
    }

    /** The text of the error may quote values; it stays in the database. */
    void failed(Write write, Moment moment, RuntimeException error) {
        String why = Problems.keep(target, run(), request.phase().word(), error);
        unknown(write.name(), moment, why);
    }

    private void unknown(String write, Moment moment, String why) {
        ImpactRecord row = row(write, moment);
        row.setWhy(why);
        write(List.of(row));
    }

    private ImpactRecord row(String write, Moment moment) {
        ImpactRecord row = new ImpactRecord();
        row.setRun(run().id());
        row.setWrite(write);
        row.setMoment(moment.word());
        return row;
    }

    private void write(List<ImpactRecord> rows) {
        target.inTransaction(tx -> {
            tx.execute(Probe.SETTINGS);
            Runs.fence(tx, run());
            return tx.batchInsert(rows).execute();
        });
    }

    /** The report of a phase with the figures of its moments, the last one in its summary; as it was without any. */
    PhaseReport told(PhaseReport report, Moment... moments) {
        List<ImpactFigures.Line> lines = ImpactFigures.of(target.dsl(), run().id());
        return report.adding(
                ImpactFigures.words(lines, moments[moments.length - 1]), ImpactFigures.counts(lines, List.of(moments)));
    }

    private boolean known(Moment moment) {
        return target.dsl().fetchExists(IMPACT, IMPACT.RUN.eq(run().id()).and(IMPACT.MOMENT.eq(moment.word())));
    }

    private Run run() {
        return request.run();
    }

    List<Write> writes() {
        return migration.writes();
    }
}
