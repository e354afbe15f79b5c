package runbook.workflow;

import org.jspecify.annotations.Nullable;
import runbook.message.Attestation;
import runbook.message.Identity;
import runbook.message.Names;
import runbook.message.Policy;

/**
 * Who sent an approval, a rejection or a withdrawal, and whether they may.
 *
 * @param claimed the name in the message
 * @param told what the history tells of the sender; {@code null} while nobody has looked
 */
record Sender(Policy policy, String claimed, @Nullable Attestation told) {

    /** Who counts; empty while that is not known. */
    String person() {
        return policy.identity().person(claimed, told);
    }

    /** Whether it is known who counts. */
    boolean known() {
        return told != null || policy.identity() == Identity.CLAIMED;
    }

    /** Why this sender may not decide here. */
    @Nullable
    String refusal() {
        if (!known()) {
            return null;
        }
        if (person().isBlank()) {
            return policy.identity() == Identity.HISTORY
                    ? "It came without an identity, and this gate goes by it: send it with temporal and --identity."
                    : "It came without a principal, and this gate goes by it: send it through a server that knows you.";
        }
        return policy.lists(person())
                ? null
                : "'" + person() + "' is not among the approvers: " + String.join(", ", policy.approvers());
    }

    /** Why this sender may not approve: the one who asked for the run is not the second pair of eyes. */
    @Nullable
    String refusalOf(String requester, @Nullable Attestation starter) {
        if (!policy.fourEyes()) {
            return refusal();
        }
        if (Names.same(claimed, requester)) {
            return "The requester may not approve: a second pair of eyes is asked for.";
        }
        if (told != null && Names.same(told.identity(), requester)) {
            return "It was sent by the requester, who may not approve.";
        }
        boolean compared = told != null && policy.identity() != Identity.CLAIMED && !person().isBlank();
        return compared && Names.same(person(), policy.identity().person("", starter))
                ? "It was sent by the " + policy.identity().noun()
                        + " that started the run; this gate asks for another one."
                : refusal();
    }
}
