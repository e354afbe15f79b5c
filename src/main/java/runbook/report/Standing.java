package runbook.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import runbook.engine.account.Account;
import runbook.message.Evidence;
import runbook.message.Progress;
import runbook.message.StatusBackfill;

/**
 * Where a run stands, from the database alone.
 *
 * @param verdicts how many checks have which newest verdict; advisory ones apart
 * @param newestVerdict the check that was looked at last, and when
 * @param unread what could not be read, and is therefore not told
 * @param lastState what a run that took the old shape away has left of it; empty for any other run
 * @param gate what the next gate would be decided on; null when no gate is next
 */
public record Standing(
        Account.RunLine run,
        Instant asOf,
        Account.@Nullable StopLine stop,
        Account.@Nullable ControlLine control,
        List<Account.PhaseLine> phases,
        @Nullable Progress progress,
        List<Account.BackfillLine> backfills,
        Map<String, Long> verdicts,
        @Nullable NewestVerdict newestVerdict,
        List<Account.QuarantineLine> quarantine,
        List<Account.ForeignLine> foreignWrites,
        List<Account.FlagLine> flags,
        List<String> unread,
        String lastState,
        @Nullable NextGate gate) {

    /** The newest verdict with its age at the moment of the status. */
    public record NewestVerdict(String check, String verdict, Instant at, long ageSeconds) {}

    /**
     * The gate that comes next unless the input took it away.
     *
     * @param evidence the hash that an approval quotes, as the run itself would state it now
     * @param blocking what forbids to pass it now
     * @param approvals who has approved it so far, as far as it counts
     */
    public record NextGate(
            String name, String evidence, String headline, List<String> blocking, List<String> approvals) {}

    /** The part of an account that tells where its run stands. */
    public static Standing of(
            Account account, @Nullable Progress progress, @Nullable Evidence evidence, List<String> unread) {
        return new Standing(
                account.run(),
                account.asOf(),
                account.stop(),
                account.control(),
                account.phases(),
                progress,
                account.backfills(),
                verdicts(account),
                newest(account),
                account.quarantine(),
                account.foreignWrites(),
                account.flags(),
                unread,
                Report.lastState(account),
                evidence == null ? null : gate(account, evidence));
    }

    private static NextGate gate(Account account, Evidence evidence) {
        return new NextGate(
                evidence.gate(),
                evidence.hash(),
                evidence.headline(),
                evidence.blocking(),
                account.approvals().stream()
                        .filter(line -> line.gate().equals(evidence.gate()))
                        .filter(line -> line.validity().equals("counts"))
                        .map(Account.ApprovalLine::person)
                        .toList());
    }

    private static Map<String, Long> verdicts(Account account) {
        return account.checks().stream()
                .collect(Collectors.groupingBy(
                        line -> line.severity().equals("advisory")
                                        && !line.verdict().equals("passed")
                                ? "advisory"
                                : line.verdict(),
                        TreeMap::new,
                        Collectors.counting()));
    }

    private static @Nullable NewestVerdict newest(Account account) {
        if (account.checks().isEmpty()) {
            return null;
        }
        Account.CheckLine last = account.checks().get(account.checks().size() - 1);
        return new NewestVerdict(
                last.name(),
                last.verdict(),
                last.asOf(),
                Duration.between(last.asOf(), account.asOf()).toSeconds());
    }

    /** For a terminal. */
    public static String text(Account account, Standing standing) {
        StringBuilder text = new StringBuilder(Report.heading(account)).append('\n');
        NewestVerdict newest = standing.newestVerdict();
        if (newest != null) {
            text.append("  checks: ").append(counts(standing.verdicts())).append("; the newest verdict is ");
            text.append(Words.duration(Duration.ofSeconds(newest.ageSeconds()))).append(" old\n");
        }
        Progress progress = standing.progress();
        if (progress != null && progress.perMille() >= 0 && progress.perMille() < 1_000) {
            text.append(words(progress));
        }
        for (Account.QuarantineLine line : standing.quarantine()) {
            text.append("  quarantine: ").append(Words.number(line.held())).append(" rows of backfill '");
            text.append(line.backfill()).append("'\n");
        }
        long foreign = standing.foreignWrites().stream()
                .mapToLong(Account.ForeignLine::rows)
                .sum();
        if (!standing.foreignWrites().isEmpty()) {
            text.append("  others wrote ").append(Words.number(foreign));
            text.append(foreign == 1 ? " row" : " rows").append(" to the new tables: the report says who\n");
        }
        standing.unread().forEach(line -> text.append("  ").append(line).append('\n'));
        NextGate gate = standing.gate();
        if (gate != null) {
            text.append(words(gate));
        }
        if (account.run().endedAt() == null) {
            text.append("  the way back, and what it would lose now: ./runbook reversibility ")
                    .append(account.run().id())
                    .append(" --target ")
                    .append(account.run().target())
                    .append('\n');
        }
        Sections.brief(account).forEach(section -> text.append('\n').append(TextTable.of(section)));
        return text.toString();
    }

    private static String words(Progress progress) {
        String lost = StatusBackfill.lost(progress.lostMillis());
        return "  backfill: " + progress.perMille() / 10 + " %, " + Words.number(progress.rowsPerSecond())
                + " units per second, " + StatusBackfill.of(progress).outlook() + '\n'
                + (progress.batch().isEmpty() ? "" : "  newest batch: " + progress.batch() + '\n')
                + (lost.isEmpty() ? "" : "  lost so far: " + lost + '\n');
    }

    private static String counts(Map<String, Long> verdicts) {
        return verdicts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + Words.verdict(entry.getKey(), true))
                .collect(Collectors.joining(", "));
    }

    private static String words(NextGate gate) {
        StringBuilder words = new StringBuilder("  next gate, unless the input took it away: ")
                .append(gate.name())
                .append(", evidence ")
                .append(Words.hash(gate.evidence()))
                .append(": ")
                .append(gate.headline())
                .append(gate.approvals().isEmpty() ? "" : " Approved by " + String.join(", ", gate.approvals()) + ".")
                .append('\n');
        gate.blocking()
                .forEach(reason -> words.append("    not now: ").append(reason).append('\n'));
        return words.toString();
    }
}
