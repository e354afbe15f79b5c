package runbook.report;

import static runbook.report.Section.amount;
import static runbook.report.Section.number;
import static runbook.report.Section.plain;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import runbook.engine.ImpactFigures;
import runbook.engine.Moment;
import runbook.engine.account.Account;

/** What the application noticed of a run: its times before, during and after, and what the mirrors take of a write. */
final class Noticed {

    private Noticed() {}

    static Section of(Account account) {
        Section section = Section.of("Impact", "What", "When", "Samples", "p50", "p95", "p99", "Mirrors' µs", "Note")
                .note("A row is read and written as by the application, and the write taken back; COMMIT counts."
                        + " Mirrors: median, middle half.")
                .orElse("Not measured: the schema phase has not begun.");
        for (ImpactFigures.Line line : account.impact()) {
            ImpactFigures.Times times = line.times();
            section = section.row(
                    plain(line.what()),
                    plain(Moment.of(line.moment()).words()),
                    number(line.samples()),
                    amount(millis(times == null ? null : times.p50Millis())),
                    amount(millis(times == null ? null : times.p95Millis())),
                    amount(millis(times == null ? null : times.p99Millis())),
                    amount(mirrors(line.mirrors())),
                    plain(line.note()));
        }
        return section;
    }

    private static String mirrors(ImpactFigures.@Nullable Mirrors mirrors) {
        return mirrors == null
                ? ""
                : Words.number(mirrors.medianMicros()) + " (" + Words.number(mirrors.lowerMicros()) + "–"
                        + Words.number(mirrors.upperMicros()) + ")";
    }

    private static String millis(@Nullable Double millis) {
        return millis == null ? "–" : String.format(Locale.ROOT, "%.2f ms", millis);
    }
}
