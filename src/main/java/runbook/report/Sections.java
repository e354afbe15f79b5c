package runbook.report;

import static runbook.report.Section.amount;
import static runbook.report.Section.code;
import static runbook.report.Section.number;
import static runbook.report.Section.plain;
import static runbook.report.Section.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import runbook.engine.account.Account;
import runbook.message.Phase;

/** What a report says, section by section, before anybody decides how it looks. */
final class Sections {

    private final Account account;

    private Sections(Account account) {
        this.account = account;
    }

    static List<Section> of(Account account) {
        Sections sections = new Sections(account);
        List<Section> all = new ArrayList<>(List.of(
                sections.phases(),
                sections.checks(),
                BeforeAndAfter.of(account),
                sections.backfills(),
                sections.skips(),
                TimeLost.of(account),
                Noticed.of(account),
                sections.backups(),
                ScriptLocks.of(account),
                sections.approvals(),
                sections.losses(),
                sections.flags(),
                sections.repairs()));
        Findings findings = new Findings(account);
        all.addAll(findings.counts());
        all.add(sections.audit());
        all.addAll(findings.revealed());
        all.removeIf(section -> section.rows().isEmpty() && section.empty().isEmpty());
        return all;
    }

    Section phases() {
        Section section = Section.of("Phases", "Phase", "Attempt", "Verdict", "Took", "Began (UTC)", "Summary")
                .orElse("No phase has begun.");
        for (Account.PhaseLine line : account.phases()) {
            section = section.row(
                    plain(line.phase()),
                    number(line.attempt()),
                    verdict(Words.verdict(line.verdict(), !account.underWay(line))),
                    amount(Words.took(line.startedAt(), line.endedAt())),
                    plain(Words.time(line.startedAt())),
                    plain(line.summary() == null ? "" : line.summary()));
        }
        return section;
    }

    private Section checks() {
        Section section = Section.of("Checks", "Verdict", "Phase", "Claim", "Found", "Took", "Note")
                .note("The newest verdict of each. An advisory check never blocks.")
                .orElse("Nothing has been checked.");
        for (Account.CheckLine line : inPhaseOrder()) {
            boolean advisory = line.severity().equals("advisory");
            String word = Words.verdict(line.verdict(), true);
            section = section.row(
                    advisory && !word.equals("passed")
                            ? new Section.Cell("advisory", Section.Tone.DOUBT)
                            : verdict(word),
                    plain(line.phase()),
                    plain(line.name()),
                    number(line.found()),
                    amount(Words.duration(Duration.ofMillis(line.millis()))),
                    plain(line.note()));
        }
        return section;
    }

    private List<Account.CheckLine> inPhaseOrder() {
        List<String> order = Arrays.stream(Phase.values()).map(Phase::word).toList();
        return account.checks().stream()
                .sorted(Comparator.comparingInt(line -> order.indexOf(line.phase())))
                .toList();
    }

    Section backfills() {
        Section section = Section.of(
                        "Backfill",
                        "Backfill",
                        "Scanned",
                        "Copied",
                        "Skipped",
                        "Quarantined",
                        "Rows written",
                        "Batches",
                        "Per second",
                        "Ranges done")
                .note("The unit is a row of the old shape: copied, skipped and quarantined add up to scanned.");
        for (Account.BackfillLine line : account.backfills()) {
            section = section.row(
                    plain(line.name()),
                    number(line.scanned()),
                    number(line.copied()),
                    number(line.skipped()),
                    number(line.quarantined()),
                    number(line.rowsWritten()),
                    number(line.batches()),
                    line.perSecond() == 0 ? amount("–") : number(line.perSecond()),
                    amount(line.finished() + " of " + line.ranges()));
        }
        return section;
    }

    private Section skips() {
        Section section = Section.of("Skipped units by reason", "Backfill", "Reason", "Units");
        for (Account.BackfillLine line : account.backfills()) {
            for (Map.Entry<String, Long> skip : line.skips().entrySet()) {
                section = section.row(plain(line.name()), plain(skip.getKey()), number(skip.getValue()));
            }
        }
        return section;
    }

    private Section backups() {
        Section section = Section.of(
                        "Backup", "Taken (UTC)", "Rows", "Size", "Drill", "Restore took", "Host", "Folder", "Manifest")
                .note("The drill restored the backup into a scratch database and compared it with the source.")
                .orElse("No backup was taken.");
        for (Account.BackupLine line : account.backups()) {
            Long millis = line.restoreMillis();
            section = section.row(
                    plain(Words.time(line.takenAt())),
                    number(line.rows()),
                    amount(Words.bytes(line.bytes())),
                    verdict(line.drill() == null ? "none" : line.drill()),
                    amount(millis == null ? "–" : Words.duration(Duration.ofMillis(millis))),
                    plain(line.host()),
                    code(line.folder()),
                    code(Words.hash(line.manifest())));
        }
        return section;
    }

    private Section approvals() {
        Section section = Section.of(
                        "Approvals",
                        "Gate",
                        "Approver",
                        "Identity (claimed)",
                        "Evidence",
                        "Decided on",
                        "Approved (UTC)",
                        "Worth",
                        "Comment")
                .note("Approver and identity are what the sender said; only a principal was proved by the server.")
                .orElse("Nobody has approved anything.");
        for (Account.ApprovalLine line : account.approvals()) {
            section = section.row(
                    plain(line.gate()),
                    plain(line.approver()),
                    plain(identity(line)),
                    code(Words.hash(line.evidence())),
                    plain(line.decided()),
                    plain(Words.time(line.approvedAt())),
                    plain(worth(line)),
                    plain(line.comment() == null ? "" : line.comment()));
        }
        return section;
    }

    private static String worth(Account.ApprovalLine line) {
        Instant until = line.until();
        return line.validity() + (until == null ? "" : ", until " + Words.time(until));
    }

    private static String identity(Account.ApprovalLine line) {
        String principal = line.principal();
        String identity = line.identity().isEmpty() ? "none" : line.identity();
        return (principal == null ? identity + " (claimed)" : identity + ", principal " + principal)
                + (line.sameIdentity() ? "; the same identity as the starter" : "");
    }

    private Section losses() {
        Section section = Section.of("What a roll-back would lose", "Claim", "Rows now", "Note");
        for (Account.LossLine line : account.losses()) {
            Long rows = line.rows();
            section = section.row(
                    plain(line.claim()), rows == null ? verdict("not verified") : number(rows), plain(line.note()));
        }
        return section;
    }

    Section flags() {
        Section section = Section.of("Flags", "Flag", "Stage", "Share", "Changed by", "Reason", "Changed (UTC)");
        for (Account.FlagLine line : account.flags()) {
            section = section.row(
                    code(line.name()),
                    plain(line.stage()),
                    amount(line.perMille() + " of 1000"),
                    plain(line.changedBy()),
                    plain(line.reason()),
                    plain(Words.time(line.changedAt())));
        }
        return section;
    }

    private Section repairs() {
        Section section =
                Section.of("Repairs", "Check", "Repair", "Believes", "Keys", "Rows", "Requested by", "At (UTC)");
        for (Account.RepairLine line : account.repairs()) {
            section = section.row(
                    plain(line.check()),
                    plain(line.repair() + (line.dryRun() ? " (dry run)" : "")),
                    plain(line.truth()),
                    number(line.keys()),
                    number(line.rows()),
                    plain(line.requestedBy()),
                    plain(Words.time(line.at())));
        }
        return section;
    }

    private Section audit() {
        Section section = Section.of("Audit", "At (UTC)", "Act", "Subject", "Who", "Detail");
        for (Account.AuditLine line : account.audit()) {
            section = section.row(
                    plain(Words.time(line.at())),
                    plain(line.act()),
                    plain(line.subject()),
                    plain(line.who()),
                    plain(detail(line.detail())));
        }
        return section;
    }

    /** Whole hashes are in the JSON; here they would only hide the words beside them. */
    private static String detail(Map<String, Object> detail) {
        return detail.entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), String.valueOf(entry.getValue())))
                .filter(entry -> !entry.getValue().isBlank())
                .map(entry -> entry.getKey() + ": "
                        + (entry.getValue().matches("[0-9a-f]{64}") ? Words.hash(entry.getValue()) : entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** The few that tell where a run stands. */
    static List<Section> brief(Account account) {
        Sections sections = new Sections(account);
        List<Section> all = new ArrayList<>(List.of(
                sections.phases(),
                BeforeAndAfter.of(account),
                sections.backfills(),
                TimeLost.of(account),
                sections.approvals(),
                sections.losses(),
                sections.flags()));
        all.removeIf(section -> section.rows().isEmpty());
        return all;
    }
}
