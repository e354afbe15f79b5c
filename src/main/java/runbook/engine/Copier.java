package runbook.engine;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import runbook.engine.throttle.Throttle;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.PhaseRequest;
import runbook.message.Tuning;
import runbook.spi.Backfill;

/**
 * One worker slot of a backfill: takes a range, copies it batch by batch, takes the next. Between two batches it looks
 * at what is wanted, and waits while the server is not to be burdened.
 */
public final class Copier {

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** A look for a range is a few short queries. */
    private static final long LONGEST_LOOK_MILLIS = 300;

    /** This machine's own, which is what the database's has as a rule. */
    public static final int CORES = Runtime.getRuntime().availableProcessors();

    /** How many slots copy at once unless somebody asks for another number; more than 8 seldom help. */
    public static final int SLOTS = Math.min(8, CORES);

    private final Target target;
    private final PhaseRequest request;
    private final Backfill backfill;
    private final Wanted wanted;
    private final Neighbours neighbours;
    private final Pulse pulse;

    public Copier(Target target, PhaseRequest request, Backfill backfill, Pulse pulse) {
        this.target = target;
        this.request = request;
        this.backfill = backfill;
        this.wanted = new Wanted(target, request.run(), pulse);
        this.neighbours = new Neighbours(target);
        this.pulse = pulse;
    }

    /**
     * Copies until no range is left, whoever holds it: what another slot gives back is still to be taken.
     *
     * @param number the slot, from 0
     * @param token names this attempt of the slot; it takes over from an earlier one
     */
    public void copy(int number, String token) {
        Slot slot = new Slot(target, request.run(), backfill, number, token);
        slot.enter();
        int rows = Pace.FIRST;
        Throttle throttle = new Throttle(target, request, backfill, number);
        Optional<RangeRecord> range = next(slot);
        while (range.isPresent()) {
            if (range.get().getBatches() == 0) {
                range.get().setBatchRows(rows);
            }
            RangeCopy copy = new RangeCopy(target, request, backfill, range.get());
            copy(slot, copy, throttle);
            rows = copy.rows();
            range = next(slot);
        }
    }

    /** Waits until the slot is wanted and there is a range for it; empty when none is left. */
    private Optional<RangeRecord> next(Slot slot) {
        for (int looks = 1; ; looks++) {
            boolean oneTooMany = isOneTooMany(slot, wanted.obey(backfill.name()));
            if (!slot.anythingLeft()) {
                return Optional.empty();
            }
            Optional<RangeRecord> range = oneTooMany ? Optional.empty() : slot.next();
            if (range.isPresent()) {
                return range;
            }
            String waitsFor = oneTooMany ? "tune with more workers" : "a range";
            Pauses.rest(
                    oneTooMany ? LOOK : soon(looks), pulse, Map.of("slot", slot.number() + 1, "waits for", waitsFor));
        }
    }

    /** The copy ends when its last slot has seen that nothing is left; jittered, so that slots do not meet again. */
    private static Duration soon(int looks) {
        long most = Math.min(LONGEST_LOOK_MILLIS, 100L * looks);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most));
    }

    private static boolean isOneTooMany(Slot slot, Tuning tuning) {
        return tuning.workers() > 0 && slot.number() >= tuning.workers();
    }

    private void copy(Slot slot, RangeCopy copy, Throttle throttle) {
        while (copy.more()) {
            Tuning tuning = wanted.obey(backfill.name());
            if (isOneTooMany(slot, tuning)) {
                copy.release();
                return;
            }
            if (!throttle.holds(request.start().limits().with(tuning.limits()), pulse)) {
                step(slot, copy, tuning);
            }
        }
    }

    private void step(Slot slot, RangeCopy copy, Tuning tuning) {
        Map<String, Object> detail = copy.detail(slot.number());
        pulse.beat(detail);
        Pace.Aim aim = aim(tuning);
        long nanos = aim.rest() > 0 ? Turns.of(target).take(() -> nanos(copy, aim), pulse, detail) : nanos(copy, aim);
        rest(slot, tuning, nanos);
    }

    private long nanos(RangeCopy copy, Pace.Aim aim) {
        long began = System.nanoTime();
        copy.step(aim, pulse);
        return System.nanoTime() - began;
    }

    private Pace.Aim aim(Tuning tuning) {
        return tuning.batchMillis() > 0
                ? new Pace.Aim(tuning.batchMillis(), 0, "as tuned")
                : neighbours.aim(tuning.workers() > 0 ? tuning.workers() : SLOTS);
    }

    /** Rests as long as the tuning asks for, else as the neighbours do; a tuning that changes meanwhile holds at once. */
    private void rest(Slot slot, Tuning tuning, long batchNanos) {
        long began = System.nanoTime();
        double times = times(tuning);
        long left = (long) (times * batchNanos);
        while (left > 0) {
            Duration piece = Duration.ofNanos(Math.min(left, LOOK.toNanos()));
            String why = tuning.ratio() > 0 ? "as tuned" : aim(tuning).because();
            Pauses.rest(piece, pulse, Map.of("slot", slot.number() + 1, "rests", times + " times its batch, " + why));
            times = times(wanted.obey(backfill.name()));
            left = (long) (times * batchNanos) - (System.nanoTime() - began);
        }
    }

    private double times(Tuning tuning) {
        return tuning.ratio() > 0 ? tuning.ratio() : aim(tuning).rest();
    }
}
