package runbook.report;

import static runbook.report.Section.amount;
import static runbook.report.Section.code;
import static runbook.report.Section.number;
import static runbook.report.Section.plain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import runbook.engine.LockModes;
import runbook.engine.account.Account;

/** The section on the scripts of a run and the locks that each held. */
final class ScriptLocks {

    private ScriptLocks() {}

    static Section of(Account account) {
        Section section = Section.of("Scripts and their locks", "Script", "Took", "Tries", "Locks held at its end")
                .note(
                        "The strongest on each object, new objects included. Left out: modes that neither reads, nor writes,"
                                + " nor VACUUM wait for.");
        for (Account.ScriptLine line : account.scripts()) {
            section = section.row(
                    code(line.folder() + "/" + line.script()),
                    amount(Words.duration(Duration.ofMillis(line.millis()))),
                    number(line.tries()),
                    plain(locks(account, line.locks())));
        }
        return section;
    }

    /** The strongest lock on each object, the objects by mode. */
    private static String locks(Account account, Map<String, List<String>> locks) {
        Map<String, List<String>> byMode = new TreeMap<>();
        locks.forEach((object, modes) -> {
            String mode = LockModes.strongest(modes);
            if (LockModes.felt(mode)) {
                byMode.computeIfAbsent(LockModes.words(mode), m -> new ArrayList<>())
                        .add(object.replaceFirst(
                                "^" + Pattern.quote(account.run().migration() + "."), ""));
            }
        });
        return byMode.entrySet().stream()
                .map(entry -> entry.getKey() + ": "
                        + entry.getValue().stream().sorted().collect(Collectors.joining(", ")))
                .collect(Collectors.joining("\n"));
    }
}
