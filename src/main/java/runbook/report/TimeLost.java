package runbook.report;

import static runbook.report.Section.amount;
import static runbook.report.Section.number;
import static runbook.report.Section.plain;

import java.time.Duration;
import runbook.engine.account.Account;
import runbook.engine.throttle.Cause;
import runbook.engine.throttle.Throttlings;
import runbook.message.Signal;

/** What copies and comparisons waited for, so that the application would not notice it. */
final class TimeLost {

    private TimeLost() {}

    static Section of(Account account) {
        Section section = Section.of(
                        "Time lost to throttling",
                        "Work",
                        "Slot",
                        "Reason",
                        "Lost",
                        "Times",
                        "Newest reading",
                        "Limit",
                        "Now")
                .note("Slots wait beside each other: the work took longer by about the longest of them.");
        for (Throttlings.Line line : account.throttlings()) {
            Cause cause = line.cause();
            Double lasting = line.lasting();
            section = section.row(
                    plain(line.backfill()),
                    number(line.slot() + 1),
                    plain(Signal.name(cause.signal())),
                    amount(Words.duration(Duration.ofMillis(line.lostMillis()))),
                    number(line.times()),
                    amount(cause.reading() == null ? cause.note() : cause.said(cause.reading())),
                    amount(cause.said(cause.allowed())),
                    plain(
                            lasting == null
                                    ? ""
                                    : "waits for " + Words.duration(Duration.ofMillis((long) (lasting * 1e3)))));
        }
        return section;
    }
}
