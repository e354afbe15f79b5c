package runbook.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to pass a gate.
 *
 * @param gate empty for all gates without a policy of their own
 * @param approvers who may approve, those of all roles where there are any; empty for everybody
 * @param roles of whom some must be among them; empty where anybody's approval is as good as another's
 * @param quorum how many different people it takes
 * @param fourEyes whether the one who asked for the run may not approve
 * @param expires how long an approval counts while others are waited for; {@code null} for as long as it takes
 * @param reason whether an approval or a rejection needs a comment
 * @param identity who counts as the approver
 * @param window when approvals count
 */
public record Policy(
        String gate,
        List<String> approvers,
        List<PolicyRole> roles,
        int quorum,
        boolean fourEyes,
        @Nullable Duration expires,
        boolean reason,
        Identity identity,
        Schedule window) {

    /** One approval by anybody but the requester. */
    public static final Policy USUAL =
            new Policy("", List.of(), List.of(), 1, true, null, false, Identity.CLAIMED, Schedule.ALWAYS);

    public Policy {
        approvers = List.copyOf(approvers);
        roles = List.copyOf(roles);
    }

    /** Whether this person may approve, as far as the list goes. */
    public boolean lists(String person) {
        return approvers.isEmpty() || approvers.stream().anyMatch(listed -> Names.same(listed, person));
    }

    /** Those of them who may approve. */
    List<String> eligible(String requester, List<String> people) {
        return people.stream()
                .filter(listed -> !fourEyes || !Names.same(listed, requester))
                .toList();
    }

    /** What it still takes when these have approved, in words; empty when the gate may be passed. */
    public List<String> missing(List<String> people) {
        List<String> missing = new ArrayList<>();
        if (people.size() < quorum) {
            missing.add(people.size() + " of " + quorum + " approvals count");
        }
        for (PolicyRole role : roles) {
            int lacks = role.lacks(people);
            if (lacks > 0) {
                missing.add("it takes " + role.words(lacks));
            }
        }
        return missing;
    }

    /** One sentence for whoever may approve. */
    public String words(String requester) {
        return "It takes " + (quorum == 1 ? "one approval" : quorum + " approvals by different people")
                + (approvers.isEmpty() ? "" : " of " + String.join(", ", eligible(requester, approvers)))
                + (roles.isEmpty()
                        ? ""
                        : ", among them "
                                + roles.stream()
                                        .map(role -> "at least " + role.minimum() + " of " + role.role())
                                        .collect(Collectors.joining(" and ")))
                + (fourEyes ? ", not by the requester " + requester : "")
                + (reason ? ", with a comment" : "")
                + (identity == Identity.CLAIMED ? "" : ", told apart by the sender's " + identity.noun())
                + (window.windows().isEmpty() ? "" : ", sent " + String.join(" or ", window.windows()))
                + (expires == null ? "" : ", each for " + expires)
                + ".";
    }
}
