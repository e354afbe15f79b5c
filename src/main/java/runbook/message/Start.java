package runbook.message;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a run is started with; {@link StartInput} reads it from what a person typed.
 *
 * @param target a service name in the worker's {@code pg_service.conf}; never an address, never a credential
 * @param gates where people are asked, in phase order; {@code drop} is always among them
 * @param policies what it takes to pass a gate, where that was said; see {@link #policy}
 * @param waits how long people are waited for, where that was said; see {@link #waiting}
 * @param soak how long both shapes stay in use after the cutover
 * @param revalidate how often the proof is repeated during the soak
 * @param hold how long retired objects stay before they may be dropped
 * @param drop whether the run ends with the drop, or with the objects retired
 * @param backups the folder, as the worker sees it, that backups are written to
 * @param errorBudget how many rows the database may refuse before the backfill parks
 * @param errorsPerMille how many of each thousand rows looked at it may refuse; 1000 for any share
 * @param trial the key of one unit that is brought over alone first; empty for none
 * @param limits what holds the copy up, as far as it was set
 * @param custom a query of the operator's whose number is the signal {@code custom}; empty for none
 * @param schedule when batches run, switches are flipped and old objects are taken away
 * @param searchAttributes whether {@code RunbookState} is set; off where nobody may register it
 */
public record Start(
        String migration,
        String target,
        String requestedBy,
        List<String> gates,
        List<Policy> policies,
        List<Wait> waits,
        Duration soak,
        Duration revalidate,
        Duration hold,
        boolean drop,
        String backups,
        int errorBudget,
        int errorsPerMille,
        String trial,
        Limits limits,
        String custom,
        Schedule schedule,
        boolean searchAttributes) {

    public static final List<String> GATES =
            List.of("backup", "schema", "backfill", "validation", "cutover", "cleanup", "drop");
    public static final List<String> DEFAULT_GATES = List.of("schema", "cutover", "cleanup", "drop");

    public Start {
        gates = List.copyOf(gates);
        policies = List.copyOf(policies);
        waits = List.copyOf(waits);
    }

    /** Whether people are asked here. */
    public boolean asksAt(String gate) {
        return gates.contains(gate);
    }

    /** What it takes to pass a gate: its own policy, else the one for all gates, else the usual one. */
    public Policy policy(String gate) {
        return said(policies, Policy::gate, gate).orElse(Policy.USUAL);
    }

    /** How long people are waited for at a gate, {@code parked}, {@code paused} or {@code held}. */
    public Wait waiting(String at) {
        return said(waits, Wait::at, at).orElse(Wait.USUAL);
    }

    /** What was said of a place, else what was said of all. */
    private static <T> Optional<T> said(List<T> all, Function<T, String> of, String place) {
        return Stream.of(place, "")
                .flatMap(wanted -> all.stream().filter(one -> of.apply(one).equals(wanted)))
                .findFirst();
    }
}
