package runbook.message;

/**
 * What became of rows that were tried again.
 *
 * @param released rows that left the quarantine
 * @param held rows in it afterwards: refused again
 */
public record RequeueReport(long released, long held) {

    /** In one sentence, for people. */
    public String words() {
        return released == 0
                ? "No row is in quarantine."
                : released + (released == 1 ? " row was" : " rows were") + " tried again, " + held
                        + (held == 1 ? " is" : " are") + " in quarantine.";
    }
}
