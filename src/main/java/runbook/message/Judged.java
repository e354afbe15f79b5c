package runbook.message;

/**
 * What an approval is worth from now on.
 *
 * @param event the approval's event in the run's history
 * @param number from 1, rising with each change, so that one that arrives late can be told
 */
public record Judged(Run run, long event, int number, Validity validity) {}
