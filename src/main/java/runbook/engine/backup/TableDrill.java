package runbook.engine.backup;

/**
 * One table after its drill.
 *
 * @param rows saved
 * @param restored found in the scratch database
 * @param missing rows of the source that were not restored equally; counted only while the snapshot was held
 * @param surplus restored rows that the source did not hold; likewise
 * @param fingerprint whether the sums of all rows' hashes are equal
 */
public record TableDrill(String table, long rows, long restored, long missing, long surplus, boolean fingerprint) {

    /** Whether nothing at all differs. */
    public boolean equal() {
        return rows == restored && missing == 0 && surplus == 0 && fingerprint;
    }

    /** What differs, for people; row values are never shown. */
    String words() {
        StringBuilder words = new StringBuilder(table + ": ");
        if (rows != restored) {
            words.append(rows).append(" rows saved, ").append(restored).append(" restored; ");
        }
        if (missing + surplus > 0) {
            words.append(missing).append(" rows of the source are not in the restored table, ");
            words.append(surplus).append(" rows of it are not in the source");
        } else {
            words.append("the fingerprint of the restored rows differs from the one taken at the snapshot");
        }
        return words.toString();
    }
}
