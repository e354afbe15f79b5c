package runbook.message;

import java.util.List;

/**
 * A gate that waits for people.
 *
 * @param evidence the whole hash; an approval quotes at least its first eight characters
 * @param needs how many approvals it takes
 * @param approvals who has approved so far, as far as it counts now
 * @param missing what it still takes, roles too, in words
 * @param policy what it takes, as a sentence
 * @param command what to paste into a terminal, with the evidence filled in
 */
public record StatusGate(
        String name,
        String evidence,
        int needs,
        List<String> approvals,
        List<String> missing,
        String policy,
        String command) {}
