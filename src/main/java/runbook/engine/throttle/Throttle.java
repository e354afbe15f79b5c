package runbook.engine.throttle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import runbook.engine.Copier;
import runbook.engine.Pauses;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Runs;
import runbook.engine.Sql;
import runbook.engine.Target;
import runbook.generated.engine.tables.records.ThrottleRecord;
import runbook.message.Limits;
import runbook.message.PhaseRequest;
import runbook.message.Schedule;
import runbook.message.Start;
import runbook.spi.Backfill;
import runbook.spi.Claimed;
import runbook.spi.Comparison;

/**
 * Keeps one slot of a copy or a comparison waiting while a signal of the server is above its limit, and remembers what
 * for and how long.
 * A signal that cannot be read holds it up too, and parks the phase when that lasts.
 */
public final class Throttle {

    /** A look costs about as much as a small batch. */
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** A fail-over and its hiccups are over by then; a right that is missing stays so. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Target target;
    private final PhaseRequest request;
    private final Place place;
    private final Causes causes;
    private final Duration patience;
    private @Nullable Limits inForce;
    private long looked;
    private @Nullable Throttled throttled;

    /**
     * What the slot is throttled by now. Only what it rested for that counts as lost: it may be paused meanwhile.
     *
     * @param restedNanos not yet written down
     * @param unreadNanos rested without a reading; null while there is one
     */
    private record Throttled(
            Cause cause,
            Instant since,
            long restedNanos,
            @Nullable Long unreadNanos) {

        Throttled rested(long nanos) {
            return new Throttled(cause, since, restedNanos + nanos, unreadNanos == null ? null : unreadNanos + nanos);
        }
    }

    public Throttle(Target target, PhaseRequest request, Backfill backfill, int slot) {
        this(target, request, new Place(backfill, slot), PATIENCE);
    }

    /** For a slot that compares: it only reads, so it waits for the same signals, but for no window. */
    public Throttle(Target target, PhaseRequest request, Comparison comparison, int slot) {
        this(target, request, new Place(comparison, slot), PATIENCE);
    }

    Throttle(Target target, PhaseRequest request, Place place, Duration patience) {
        this.target = target;
        this.request = request;
        this.place = place;
        Schedule schedule = place.writes() ? request.start().schedule() : Schedule.ALWAYS;
        this.causes = new Causes(
                target, request.start(), schedule, new Gauges(target, touched(target, place.tables()), Copier.CORES));
        this.patience = patience;
    }

    /** Which slot of what: a backfill or a comparison, by its name. */
    record Place(String work, String name, Set<Table<?>> tables, boolean writes, int slot) {

        Place(Backfill backfill, int slot) {
            this("backfill", backfill.name(), tables(backfill), true, slot);
        }

        Place(Comparison comparison, int slot) {
            this("comparison", comparison.claim(), Set.of(comparison.key().table()), false, slot);
        }

        private static Set<Table<?>> tables(Backfill backfill) {
            Set<Table<?>> tables = new LinkedHashSet<>(List.of(backfill.unit().table(), backfill.target()));
            if (backfill instanceof Claimed claimed) {
                tables.add(claimed.claims().table());
            }
            return tables;
        }
    }

    /** What cannot be right about a start's own query on this target; empty when it gives a number. */
    public static List<String> problems(Target target, Start start) {
        if (start.custom().isEmpty()) {
            return List.of();
        }
        Reading reading = new Custom(target, start.custom()).read();
        return reading.number() != null
                ? List.of()
                : List.of("'custom': the query cannot be used on target '" + target.name() + "': " + reading.why()
                        + " Try it with psql as the target's role: it reads only, and gives one number in a second.");
    }

    /**
     * Looks at the server, at most once a second, and rests for a second when the copy is not to go on.
     *
     * @param limits those in force now
     * @return whether to look again before the next batch
     * @throws RunbookException.Parked when a signal could not be read for long
     */
    public boolean holds(Limits limits, Pulse pulse) {
        long now = System.nanoTime();
        if (throttled == null && limits.equals(inForce) && now - looked < EVERY.toNanos()) {
            return false;
        }
        inForce = limits;
        looked = now;
        Optional<Cause> cause = causes.first(limits);
        throttled = cause.map(this::goOn).orElseGet(this::end);
        if (throttled == null) {
            return false;
        }
        parkUnlessRead(throttled);
        long began = System.nanoTime();
        Pauses.rest(EVERY, pulse, detail(throttled));
        throttled = throttled.rested(System.nanoTime() - began);
        return true;
    }

    /** Ends a rest that lasts, for who has no more time for it, and says what it is for. */
    public String giveUp() {
        String words = throttled == null ? "" : throttled.cause().words();
        throttled = end();
        return words;
    }

    private Throttled goOn(Cause cause) {
        if (throttled != null && !throttled.cause().signal().equals(cause.signal())) {
            throttled = end();
        }
        Throttled before = throttled;
        boolean read = cause.reading() != null || cause.signal().equals(Cause.SCHEDULE);
        Long unread = read ? null : before == null || before.unreadNanos() == null ? (Long) 0L : before.unreadNanos();
        target.inTransaction(tx -> {
            Runs.fence(tx, request.run());
            if (before == null) {
                Throttlings.begin(tx, row(cause));
            } else {
                Throttlings.add(tx, row(cause), millis(before.restedNanos()), true);
            }
            return cause;
        });
        return new Throttled(cause, before == null ? Instant.now() : before.since(), 0, unread);
    }

    private @Nullable Throttled end() {
        Throttled over = throttled;
        if (over != null) {
            target.inTransaction(tx -> {
                Runs.fence(tx, request.run());
                Throttlings.add(tx, row(over.cause()), millis(over.restedNanos()), false);
                return over;
            });
        }
        return null;
    }

    private void parkUnlessRead(Throttled lasting) {
        Long unread = lasting.unreadNanos();
        if (unread != null && unread > patience.toNanos()) {
            end();
            throw new RunbookException.Parked(request.run().migration() + ": " + place.work() + " '" + place.name()
                    + "': the signal "
                    + lasting.cause().signal() + " could not be read for " + patience.toSeconds() + " s: "
                    + lasting.cause().note()
                    + " What was done stays, and nothing is done blindly. Correct that,"
                    + " or send 'tune' with {\"limits\": {\"" + lasting.cause().signal()
                    + "\": \"off\"}}; then send the signal " + request.signals() + ".");
        }
    }

    private Map<String, Object> detail(Throttled lasting) {
        Cause cause = lasting.cause();
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("throttled by", cause.signal());
        detail.put("reading", cause.said(cause.reading()));
        detail.put("limit", cause.said(cause.allowed()));
        detail.put("note", cause.note());
        detail.put("since", lasting.since().toString());
        detail.put("slot", place.slot() + 1);
        return detail;
    }

    private ThrottleRecord row(Cause cause) {
        ThrottleRecord row = new ThrottleRecord();
        row.setRun(request.run().id());
        row.setBackfill(place.name());
        row.setSlot(place.slot());
        row.setSignal(cause.signal());
        row.setReading(cause.reading());
        row.setAllowed(cause.allowed());
        row.setNote(cause.note());
        return row;
    }

    private static List<Long> touched(Target target, Set<Table<?>> tables) {
        List<Long> touched = new ArrayList<>();
        for (Table<?> table : tables) {
            target.dsl()
                    .fetch(
                            "select oid::bigint from pg_catalog.pg_class where oid::bigint = {0} or oid = (select"
                                    + " reltoastrelid from pg_catalog.pg_class where oid::bigint = {0})",
                            Sql.oid(table))
                    .forEach(row -> touched.add(row.get(0, Long.class)));
        }
        return touched;
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
