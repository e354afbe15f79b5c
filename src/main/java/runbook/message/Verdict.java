package runbook.message;

/** What was found. An error while looking is {@code NOT_VERIFIED} and never counts as passed. */
public enum Verdict {
    PASSED,
    FAILED,
    NOT_VERIFIED
}
