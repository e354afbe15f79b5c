package runbook.cli;

import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;
import static runbook.generated.engine.Tables.APPLICATION_LATENCY;
import static runbook.generated.engine.Tables.PHASE;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import runbook.engine.Moment;
import runbook.engine.Target;
import runbook.engine.account.Account;
import runbook.generated.engine.tables.records.ApplicationLatencyRecord;
import runbook.sample.ApplicationWriter;
import runbook.sample.Latency;

/** Tells a run what the application measured of itself, as somebody with a monitoring would. */
final class ApplicationTimes {

    private static final Duration BEFORE = Duration.ofMinutes(1);

    private final Target target;
    private final Account.RunLine run;
    private final Instant now = Instant.now();

    private ApplicationTimes(Target target, Account.RunLine run) {
        this.target = target;
        this.run = run;
    }

    /** From when to when a moment lasted. */
    private record Span(Instant from, Instant to) {}

    /** Tells what the application knows of each moment that has been; a moment of less than a second is left out. */
    static void tell(Target target, Account.RunLine run, ApplicationWriter application) {
        new ApplicationTimes(target, run).spans().forEach((moment, span) -> {
            Latency latency = application.latency(span.from(), span.to());
            if (latency.statements() > 0) {
                tell(target, run, moment, latency);
            }
        });
    }

    private Map<Moment, Span> spans() {
        Map<Moment, Span> spans = new LinkedHashMap<>();
        spans.put(Moment.BEFORE, new Span(run.startedAt().minus(BEFORE), run.startedAt()));
        add(spans, Moment.MIRRORED, ended("schema"), began("backfill"));
        add(spans, Moment.DURING, began("backfill"), ended("backfill"));
        Instant over = began("cleanup");
        add(spans, Moment.AFTER, ended("cutover"), over == null ? began("rollback") : over);
        return spans;
    }

    private void add(Map<Moment, Span> spans, Moment moment, @Nullable Instant from, @Nullable Instant to) {
        if (from != null) {
            spans.put(moment, new Span(from, to == null ? now : to));
        }
    }

    private @Nullable Instant began(String phase) {
        return time(phase, min(PHASE.STARTED_AT));
    }

    private @Nullable Instant ended(String phase) {
        return time(phase, max(PHASE.ENDED_AT));
    }

    private @Nullable Instant time(String phase, Field<OffsetDateTime> of) {
        OffsetDateTime time = target.dsl()
                .select(of)
                .from(PHASE)
                .where(PHASE.RUN.eq(run.id()))
                .and(PHASE.PHASE_.eq(phase))
                .fetchSingle()
                .value1();
        return time == null ? null : time.toInstant();
    }

    private static void tell(Target target, Account.RunLine run, Moment moment, Latency latency) {
        ApplicationLatencyRecord row = new ApplicationLatencyRecord();
        row.setRun(run.id());
        row.setMoment(moment.word());
        row.setStatements(latency.statements());
        row.setP50Millis(latency.p50Millis());
        row.setP95Millis(latency.p95Millis());
        row.setP99Millis(latency.p99Millis());
        row.setToldBy("the sample application");
        target.dsl()
                .insertInto(APPLICATION_LATENCY)
                .set(row)
                .onConflict(APPLICATION_LATENCY.RUN, APPLICATION_LATENCY.MOMENT)
                .doUpdate()
                .set(row)
                .execute();
    }
}
