package runbook.report;

import static runbook.report.Section.amount;
import static runbook.report.Section.plain;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import runbook.engine.account.Account;
import runbook.message.Phase;

/** The measures of a run: what the assessment found beside what the newest proof found. */
final class BeforeAndAfter {

    private BeforeAndAfter() {}

    static Section of(Account account) {
        Map<String, Account.MeasureLine> before = taken(account, true);
        Map<String, Account.MeasureLine> after = taken(account, false);
        Set<String> names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        Section section = Section.of("Measures", "Measure", "Before", "After", "Taken (UTC)")
                .note("Before: by the assessment. After: by the newest proof.");
        for (String name : names) {
            Account.MeasureLine newest = after.getOrDefault(name, before.get(name));
            section = section.row(
                    plain(name),
                    amount(value(before.get(name))),
                    amount(value(after.get(name))),
                    plain(newest == null ? "–" : Words.time(newest.at())));
        }
        return section;
    }

    private static Map<String, Account.MeasureLine> taken(Account account, boolean before) {
        return account.measures().stream()
                .filter(line -> line.phase().equals(Phase.ASSESSMENT.word()) == before)
                .collect(Collectors.toMap(
                        Account.MeasureLine::name, line -> line, (one, other) -> other, LinkedHashMap::new));
    }

    private static String value(Account.@Nullable MeasureLine line) {
        BigDecimal value = line == null ? null : line.value();
        return value == null ? "–" : value.toPlainString();
    }
}
