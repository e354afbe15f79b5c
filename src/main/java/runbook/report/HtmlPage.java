package runbook.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import runbook.engine.account.Account;
import runbook.report.Section.Cell;
import runbook.report.Section.Tone;

/** A report as one page that needs no network, no script and no other file. Every text in it is escaped. */
final class HtmlPage {

    private static final List<String> PHASES =
            List.of("assessment", "backup", "schema", "backfill", "validation", "cutover", "cleanup");

    private final Account account;
    private final StringBuilder html = new StringBuilder();

    private HtmlPage(Account account) {
        this.account = account;
    }

    static String of(Account account) {
        HtmlPage page = new HtmlPage(account);
        page.write();
        return page.html.toString();
    }

    private void write() {
        Account.RunLine run = account.run();
        String title = run.migration() + ", run " + run.id();
        html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
        html.append(escaped(title))
                .append("</title>\n<style>\n")
                .append(css())
                .append("</style>\n</head>\n<body><main>\n");
        header(run);
        tiles();
        strip();
        Sections.of(account).forEach(this::section);
        html.append("<footer>As of ").append(Words.time(account.asOf())).append(" UTC, read from the target's schema ");
        html.append("<code>runbook</code>. Times are UTC by the server's clock.");
        html.append(account.revealed() ? " This page holds keys and row values: keep it where the rows are kept." : "");
        html.append("</footer>\n</main></body>\n</html>\n");
    }

    private void header(Account.RunLine run) {
        html.append("<header><h1>").append(escaped(run.migration())).append(' ');
        html.append(badge(Section.verdict(Report.state(run))))
                .append("</h1>\n<p>Run ")
                .append(run.id());
        html.append(" on target <b>").append(escaped(run.target())).append("</b>, requested by ");
        html.append(escaped(run.requestedBy()))
                .append(", began ")
                .append(Words.time(run.startedAt()))
                .append(" UTC");
        Instant ended = run.endedAt();
        html.append(ended == null ? "" : ", ended " + Words.time(ended) + " UTC")
                .append("</p>\n<p>Workflow <code>");
        html.append(escaped(run.workflowId())).append("</code> run <code>").append(escaped(run.workflowRun()));
        html.append("</code>, owner ").append(run.epoch()).append(", definition <code>");
        html.append(escaped(Words.hash(run.definition()))).append("</code></p>\n");
        Report.warnings(account).forEach(line -> html.append("<p class=\"warning\">")
                .append(escaped(line))
                .append("</p>\n"));
        String last = Report.lastState(account);
        html.append(last.isEmpty() ? "" : "<p>" + escaped(last) + "</p>\n").append("</header>\n");
    }

    private void tiles() {
        Account.RunLine run = account.run();
        Instant until = Objects.requireNonNullElse(run.endedAt(), account.asOf());
        Map<String, String> tiles = new LinkedHashMap<>();
        tiles.put(run.endedAt() == null ? "open for" : "took", Words.took(run.startedAt(), until));
        tiles.put(
                "units copied",
                sum(account.backfills().stream()
                        .mapToLong(Account.BackfillLine::copied)
                        .sum()));
        tiles.put(
                "units skipped",
                sum(account.backfills().stream()
                        .mapToLong(Account.BackfillLine::skipped)
                        .sum()));
        tiles.put(
                "rows in quarantine",
                sum(account.quarantine().stream()
                        .mapToLong(Account.QuarantineLine::held)
                        .sum()));
        tiles.put("blocking checks passed", blocking());
        tiles.put("newest drill", drill());
        html.append("<div class=\"tiles\">\n");
        tiles.forEach((label, value) -> html.append("<div class=\"tile\"><b>")
                .append(escaped(value))
                .append("</b><span>")
                .append(escaped(label))
                .append("</span></div>\n"));
        html.append("</div>\n");
    }

    private String blocking() {
        List<Account.CheckLine> blocking = account.checks().stream()
                .filter(line -> line.severity().equals("blocking"))
                .toList();
        long passed = blocking.stream()
                .filter(line -> line.verdict().equals("passed"))
                .count();
        return passed + " of " + blocking.size();
    }

    private String drill() {
        List<Account.BackupLine> backups = account.backups();
        String drill =
                backups.isEmpty() ? null : backups.get(backups.size() - 1).drill();
        return drill == null ? "none" : drill;
    }

    private static String sum(long sum) {
        return Words.number(sum);
    }

    /** The phases side by side: where the run is, at a glance. */
    private void strip() {
        Map<String, Account.@Nullable PhaseLine> newest = new LinkedHashMap<>();
        PHASES.forEach(phase -> newest.put(phase, null));
        account.phases().forEach(line -> newest.put(line.phase(), line));
        html.append("<ol class=\"strip\">\n");
        newest.forEach((phase, line) -> {
            String verdict = line == null ? "" : Words.verdict(line.verdict(), !account.underWay(line));
            html.append("<li class=\"")
                    .append(tone(Section.verdict(verdict).tone()))
                    .append("\"><b>");
            html.append(escaped(phase)).append("</b><span>").append(line == null ? "–" : escaped(verdict));
            html.append(
                    line == null || line.endedAt() == null ? "" : ", " + Words.took(line.startedAt(), line.endedAt()));
            html.append("</span></li>\n");
        });
        html.append("</ol>\n");
    }

    private void section(Section section) {
        html.append("<section><h2>").append(escaped(section.title())).append("</h2>\n");
        if (!section.note().isEmpty()) {
            html.append("<p>").append(escaped(section.note())).append("</p>\n");
        }
        if (section.rows().isEmpty()) {
            html.append("<p>").append(escaped(section.empty())).append("</p></section>\n");
            return;
        }
        html.append("<div class=\"scroll\"><table><thead><tr>");
        for (int i = 0; i < section.columns().size(); i++) {
            boolean number = section.rows().get(0).get(i).tone() == Tone.NUMBER;
            html.append(number ? "<th class=\"number\">" : "<th>");
            html.append(escaped(section.columns().get(i))).append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (List<Cell> row : section.rows()) {
            html.append("<tr>");
            row.forEach(cell -> html.append(td(cell)));
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div></section>\n");
    }

    private static String td(Cell cell) {
        return switch (cell.tone()) {
            case NUMBER -> "<td class=\"number\">" + escaped(cell.text()) + "</td>";
            case CODE ->
                cell.text().isEmpty()
                        ? "<td></td>"
                        : "<td class=\"" + (cell.text().length() <= 56 ? "tight" : "") + "\"><code>"
                                + escaped(cell.text()) + "</code></td>";
            case GOOD, BAD, DOUBT -> "<td>" + badge(cell) + "</td>";
            case PLAIN ->
                (cell.text().length() <= 20 ? "<td class=\"tight\">" : "<td>") + escaped(cell.text()) + "</td>";
        };
    }

    private static String badge(Cell cell) {
        return "<span class=\"badge " + tone(cell.tone()) + "\">" + escaped(cell.text()) + "</span>";
    }

    private static String tone(Tone tone) {
        return switch (tone) {
            case GOOD -> "good";
            case BAD -> "bad";
            case DOUBT -> "doubt";
            default -> "";
        };
    }

    private static String css() {
        try (InputStream file = HtmlPage.class.getResourceAsStream("/report/report.css")) {
            return new String(
                    Objects.requireNonNull(file, "report.css is not in the jar").readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Harmless as text and inside of a quoted attribute. */
    static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(point < ' ' && point != '\n' && point != '\t' ? '\uFFFD' : point);
            }
        });
        return safe.toString();
    }
}
