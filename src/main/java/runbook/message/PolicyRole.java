package runbook.message;

import java.util.List;

/**
 * People of one trade, of whom some must be among those who approve.
 *
 * @param minimum how many of them it takes at least
 */
public record PolicyRole(String role, List<String> approvers, int minimum) {

    public PolicyRole {
        approvers = List.copyOf(approvers);
    }

    /** How many more of them it takes; somebody of two roles counts for both. */
    int lacks(List<String> people) {
        long there = approvers.stream()
                .filter(listed -> people.stream().anyMatch(person -> Names.same(listed, person)))
                .count();
        return (int) Math.max(0, minimum - there);
    }

    String words(int count) {
        return count + " of " + role + " (" + String.join(", ", approvers) + ")";
    }
}
