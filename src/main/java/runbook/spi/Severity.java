package runbook.spi;

/** Whether a counter-example stops the run or is only shown to the people who decide. */
public enum Severity {
    BLOCKING,
    ADVISORY
}
