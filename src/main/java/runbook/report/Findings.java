package runbook.report;

import static runbook.report.Section.code;
import static runbook.report.Section.number;
import static runbook.report.Section.plain;

import java.util.ArrayList;
import java.util.List;
import runbook.engine.account.Account;

/** What went wrong: counts for everybody; keys, values and texts for those who asked to reveal them. */
final class Findings {

    private static final String HIDDEN = "Keys and values are left out; --reveal shows them.";

    private final Account account;

    Findings(Account account) {
        this.account = account;
    }

    /** How many of what. */
    List<Section> counts() {
        return List.of(violations(), differences(), foreignWrites(), quarantine(), problems());
    }

    /** What was counted, row by row; nothing without leave. */
    List<Section> revealed() {
        List<Section> sections = new ArrayList<>();
        if (account.revealed()) {
            account.violations().forEach(line -> sections.add(counterExamples(line)));
            account.foreignWrites().forEach(line -> sections.add(writtenBy(line)));
            account.quarantine().forEach(line -> sections.add(held(line)));
            account.problems().forEach(line -> sections.add(text(line)));
        }
        return sections;
    }

    private static String part(int shown, long all) {
        return shown < all ? "The first " + shown + " of " + Words.number(all) + "; the table has the rest." : "";
    }

    private Section violations() {
        Section section = Section.of("Counter-examples by check", "Check", "Still there", "Healed")
                .note(account.revealed() ? "" : HIDDEN);
        for (Account.ViolationLine line : account.violations()) {
            section = section.row(plain(line.check()), number(line.open()), number(line.healed()));
        }
        return section;
    }

    private Section differences() {
        Section section = Section.of("Differences between the shapes", "Check", "Column, or whole rows", "Keys");
        for (Account.ViolationLine line : account.violations()) {
            for (Account.DifferenceLine difference : line.differences()) {
                section = section.row(plain(line.check()), code(difference.what()), number(difference.keys()));
            }
        }
        return section;
    }

    private Section foreignWrites() {
        Section section = Section.of(
                        "Writes of others to the new tables",
                        "Table",
                        "Role",
                        "Application",
                        "Statement",
                        "Statements",
                        "Rows",
                        "First (UTC)",
                        "Last (UTC)")
                .note("Before the cutover only the copy, the mirrors and the listed roles write there."
                        + (account.revealed() ? "" : " " + HIDDEN))
                .orElse("Nobody else has written there.");
        for (Account.ForeignLine line : account.foreignWrites()) {
            section = section.row(
                    code(line.table()),
                    code(line.actingAs().equals("none") ? line.role() : line.role() + " as " + line.actingAs()),
                    plain(line.application()),
                    code(line.statement()),
                    number(line.statements()),
                    number(line.rows()),
                    plain(Words.time(line.firstAt())),
                    plain(Words.time(line.lastAt())));
        }
        return section;
    }

    private static Section writtenBy(Account.ForeignLine line) {
        return Section.of(
                        "Keys of " + line.statement() + " by " + line.role() + ": " + line.table(), "Some of the keys")
                .row(code(line.keys() == null ? "" : line.keys()));
    }

    private Section quarantine() {
        Section section = Section.of("Quarantine", "Backfill", "Held", "Released")
                .note(account.revealed() ? "" : HIDDEN)
                .orElse("No row is in quarantine.");
        for (Account.QuarantineLine line : account.quarantine()) {
            section = section.row(plain(line.backfill()), number(line.held()), number(line.released()));
        }
        return section;
    }

    private Section problems() {
        Section section = Section.of("Problems", "Number", "At (UTC)", "Phase", "SQLSTATE", "Where")
                .note(account.revealed() ? "" : "Their texts can quote values; --reveal shows them.");
        for (Account.ProblemLine line : account.problems()) {
            section = section.row(
                    number(line.id()),
                    plain(Words.time(line.at())),
                    plain(line.phase()),
                    code(line.sqlState()),
                    plain(line.object()));
        }
        return section;
    }

    private static Section counterExamples(Account.ViolationLine line) {
        Section section = Section.of("Counter-examples of: " + line.check(), "Key", "Differs", "Row", "Seen (UTC)")
                .note(part(line.rows().size(), line.open()));
        for (Account.ViolationRow row : line.rows()) {
            section = section.row(
                    code(row.key()), plain(row.differs()), code(row.row()), plain(Words.time(row.seenAt())));
        }
        return section;
    }

    private static Section held(Account.QuarantineLine line) {
        Section section = Section.of("In quarantine: " + line.backfill(), "Key", "Problem", "Since (UTC)")
                .note(part(line.rows().size(), line.held()));
        for (Account.QuarantineRow row : line.rows()) {
            section = section.row(code(row.key()), number(row.problem()), plain(Words.time(row.at())));
        }
        return section;
    }

    private static Section text(Account.ProblemLine line) {
        String text = line.text();
        return text == null
                ? Section.of("Problem " + line.id())
                : Section.of("Problem " + line.id(), "Text").row(code(text.strip()));
    }
}
