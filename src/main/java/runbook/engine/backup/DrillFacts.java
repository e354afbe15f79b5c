package runbook.engine.backup;

import java.util.List;

/**
 * What a drill found.
 *
 * @param verdict {@code equal} or {@code different}
 * @param rowByRow whether the rows were compared with the source itself at the snapshot; otherwise by fingerprints
 * @param restoreMillis from the empty database to the last index: what a restore would take
 */
public record DrillFacts(
        String verdict, boolean rowByRow, long restoreMillis, long compareMillis, List<TableDrill> tables) {

    public static final String EQUAL = "equal";
    public static final String DIFFERENT = "different";

    /** Whether the backup can be relied on. */
    public boolean equal() {
        return EQUAL.equals(verdict);
    }

    /** A whole message per table that differs. */
    public List<String> problems() {
        return tables.stream()
                .filter(table -> !table.equal())
                .map(table -> "drill: " + table.words()
                        + ". The backup must not be relied on. Send the signal 'retry' to take another one.")
                .toList();
    }
}
