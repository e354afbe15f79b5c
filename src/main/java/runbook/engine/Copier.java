package runbook.engine;

import java.util.Optional;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.PhaseRequest;
import runbook.spi.Backfill;

/**
 * One worker slot of a backfill: takes a range, copies it batch by batch, takes the next. Between two batches it looks
 * at what is wanted.
 */
public final class Copier {

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
     * Copies until no range is left.
     *
     * @param number the slot, from 0; its ranges wait for it
     * @param token names this attempt of the slot; a later one takes its range over
     */
    public void copy(int number, String token) {
        Slot slot = new Slot(target, request.run(), backfill, number, token);
        for (Optional<RangeRecord> range = slot.next(pulse); range.isPresent(); range = slot.next(pulse)) {
            RangeCopy copy = new RangeCopy(target, request, backfill, range.get());
            while (copy.more()) {
                wanted.obey(backfill.name());
                pulse.beat(copy.detail(number));
                copy.step(neighbours.aim(), pulse);
            }
        }
    }
}
