package runbook.message;

/**
 * What one slot of a copy is at.
 *
 * @param slot from 1, as people see it
 * @param range the number of its range
 * @param perMille share of the range that is done
 * @param batch how many rows its newest batch takes, and why
 */
public record SlotProgress(int slot, int range, int perMille, String batch) {

    /** In one line, for people. */
    public String words() {
        return "slot %d: range %d, %d %%, %s".formatted(slot, range, perMille / 10, batch);
    }
}
