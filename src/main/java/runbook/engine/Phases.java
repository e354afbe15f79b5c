package runbook.engine;

import java.util.List;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.spi.Migration;

/** What holds at the beginning of every activity of a phase, since the database may have changed under the run. */
public final class Phases {

    private Phases() {}

    /**
     * Looks again whether this is the database of the run, and the run still the caller's; then at the server and the role.
     *
     * @throws RunbookException.Parked listing every problem; a roll-back is not held up by what it does not need
     */
    public static void preflight(Target target, PhaseRequest request, Migration migration) {
        boolean known = Runs.installed(target.dsl());
        if (known) {
            target.inTransaction(tx -> {
                Runs.fence(tx, request.run());
                return request;
            });
        }
        List<String> problems =
                request.phase() == Phase.ROLLBACK ? List.of() : Preflight.problemsMidway(target, migration);
        if (!problems.isEmpty()) {
            throw new RunbookException.Parked(migration.name() + ": "
                    + request.phase().word() + ": "
                    + problems.size() + (problems.size() == 1 ? " problem" : " problems") + ":\n- "
                    + String.join("\n- ", problems)
                    + "\nNothing of this phase was done. Correct that, then send the signal " + request.signals()
                    + ".");
        }
        if (!known) {
            throw Whereabouts.elsewhere(request.run(), "there is no table runbook.migration_run", "");
        }
    }
}
