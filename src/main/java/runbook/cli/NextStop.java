package runbook.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import runbook.engine.Backfills;
import runbook.engine.Decisions;
import runbook.engine.Target;
import runbook.engine.account.Account;
import runbook.message.Evidence;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.message.Progress;
import runbook.message.Run;
import runbook.message.StartInput;
import runbook.spi.Migration;

/** What lies ahead of an open run: how much is left to copy, and what its next gate would be decided on. */
final class NextStop {

    /** Gates that wait behind a phase, as the input has them unless it says otherwise. */
    private static final Map<String, String> GATES =
            Map.of("backup", "schema", "validation", "cutover", "cutover", "cleanup");

    private static final String WAITS = "waiting: ";

    private final Target target;
    private final Account account;
    private final Migration migration;
    private final List<String> unread = new ArrayList<>();

    NextStop(Target target, Account account, Migration migration) {
        this.target = target;
        this.account = account;
        this.migration = migration;
    }

    @Nullable
    Progress progress() {
        return read("progress", () -> Backfills.progress(target, run(), migration));
    }

    /** What could not be read: a status must tell the rest also where tables are missing that should be there. */
    List<String> unread() {
        return List.copyOf(unread);
    }

    private <T> @Nullable T read(String what, Supplier<T> question) {
        try {
            return question.get();
        } catch (DataAccessException e) {
            unread.add(what + ": not verified, SQLSTATE " + e.sqlState());
            return null;
        }
    }

    /** The evidence of the gate that waits, or of the one behind the newest phase, hashed as the run itself hashes it. */
    Optional<Evidence> evidence() {
        PhaseRequest request = new PhaseRequest(
                run(),
                StartInput.of(Map.of("migration", migration.name(), "target", target.name()))
                        .start(),
                Phase.VALIDATION,
                1);
        return gate().map(gate -> read(
                "evidence of gate " + gate,
                () -> Decisions.gather(
                        target, request, migration, gate, account.run().workflowRun())));
    }

    /** The gate at which the run says that it waits. */
    static Optional<String> waiting(Account.RunLine run) {
        String standing = run.standing();
        return standing != null && standing.startsWith(WAITS)
                ? Optional.of(standing.substring(WAITS.length()))
                : Optional.empty();
    }

    private Optional<String> gate() {
        return waiting(account.run()).or(this::next);
    }

    private Optional<String> next() {
        String parting = account.run().parting();
        if (parting != null) {
            return parting.equals("retired") ? Optional.of("drop") : Optional.empty();
        }
        List<Account.PhaseLine> phases =
                account.phases().stream().filter(account::ofOwner).toList();
        if (phases.isEmpty()) {
            return Optional.empty();
        }
        Account.PhaseLine newest = phases.get(phases.size() - 1);
        if (!"passed".equals(newest.verdict())) {
            return Optional.empty();
        }
        // During the soak the validation is repeated, and the cutover is not the newest phase any more.
        boolean cutOver =
                phases.stream().anyMatch(line -> line.phase().equals("cutover") && "passed".equals(line.verdict()));
        return Optional.ofNullable(GATES.get(cutOver ? "cutover" : newest.phase()));
    }

    private Run run() {
        return account.run().asItsOwnerKnowsIt();
    }
}
