package runbook.engine;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** PostgreSQL's table locks, from the weakest to the strongest, and which of them cannot be held side by side. */
public final class LockModes {

    private static final List<String> MODES = List.of(
            "AccessShareLock",
            "RowShareLock",
            "RowExclusiveLock",
            "ShareUpdateExclusiveLock",
            "ShareLock",
            "ShareRowExclusiveLock",
            "ExclusiveLock",
            "AccessExclusiveLock");

    private static final Map<String, Set<String>> CONFLICTS = Map.of(
            MODES.get(0), Set.of(MODES.get(7)),
            MODES.get(1), Set.copyOf(MODES.subList(6, 8)),
            MODES.get(2), Set.copyOf(MODES.subList(4, 8)),
            MODES.get(3), Set.copyOf(MODES.subList(3, 8)),
            MODES.get(4), Set.of(MODES.get(2), MODES.get(3), MODES.get(5), MODES.get(6), MODES.get(7)),
            MODES.get(5), Set.copyOf(MODES.subList(2, 8)),
            MODES.get(6), Set.copyOf(MODES.subList(1, 8)),
            MODES.get(7), Set.copyOf(MODES));

    private LockModes() {}

    /** The strongest of these; a mode that is not known counts as the weakest. */
    public static String strongest(Collection<String> modes) {
        return modes.stream()
                .max(Comparator.comparingInt(MODES::indexOf))
                .orElseThrow(() -> new IllegalArgumentException("expected at least one lock mode, found none"));
    }

    /** Whether reads, writes or VACUUM can have to wait for it. */
    public static boolean felt(String mode) {
        return MODES.indexOf(mode) >= MODES.indexOf("ShareUpdateExclusiveLock");
    }

    /** Whether the one has to wait while another session holds the other. */
    public static boolean conflict(String wanted, String held) {
        return CONFLICTS.getOrDefault(wanted, Set.of()).contains(held);
    }

    /** As the manual writes it: {@code ACCESS EXCLUSIVE}. */
    public static String words(String mode) {
        return mode.replaceFirst("Lock$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toUpperCase(Locale.ROOT);
    }
}
