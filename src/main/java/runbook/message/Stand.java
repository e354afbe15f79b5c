package runbook.message;

/**
 * Where a run stands.
 *
 * @param number from 1, rising with each change, so that one that arrives late can be told
 * @param state what the search attribute {@code RunbookState} carries
 */
public record Stand(Run run, int number, String state) {}
