package runbook.activity;

import runbook.message.Phase;
import runbook.message.PhaseRequest;

/** What stands after a failure, and what may be sent then. Phases differ: not each of them is one transaction. */
final class Aftermath {

    private Aftermath() {}

    static String of(PhaseRequest request) {
        return stands(request.phase()) + " Send the signal 'retry' when it is cured"
                + request.signals().substring("'retry'".length()) + ".";
    }

    private static String stands(Phase phase) {
        return switch (phase) {
            case ASSESSMENT, VALIDATION, SOAK -> "The old shape is untouched.";
            case BACKUP -> "The tables are untouched, and a folder that is not whole has no name.";
            case SCHEMA -> "Scripts that were applied stay; one that commits on its own may have left a part behind.";
            case BACKFILL -> "What was copied stays; of the scripts after the copy, those that were applied stay too.";
            case CUTOVER -> "Each stage is one transaction; those that were flipped stay so.";
            case CLEANUP -> "To retire is one transaction, and to drop another: each happened or did not.";
            case ROLLBACK -> "What was taken back stays so.";
        };
    }
}
