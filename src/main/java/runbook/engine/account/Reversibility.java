package runbook.engine.account;

import static org.jooq.impl.DSL.currentOffsetDateTime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import runbook.engine.Catalog;
import runbook.engine.Target;
import runbook.engine.Unarchive;
import runbook.engine.account.Account.BackupLine;
import runbook.engine.account.Account.PhaseLine;
import runbook.engine.account.Account.RunLine;
import runbook.spi.Migration;

/**
 * Whether a run can be taken back now, by which command, and what that would lose: counted on the rows of now.
 *
 * @param revealed whether the rows were asked for; otherwise no part of this holds one
 * @param until up to which moment that command works; empty where there is none
 * @param command what takes the run back; empty where nothing does
 * @param mappings what the old shape cannot hold, claim by claim; empty where nothing is left to go back from
 */
public record Reversibility(
        boolean revealed,
        RunLine run,
        Instant asOf,
        Stage stage,
        String until,
        String command,
        List<Mapping> mappings) {

    /** Somebody waits for the answer. */
    private static final Duration MOST = Duration.ofMinutes(1);

    /** What becomes of the rows that a claim is about. */
    public enum Verdict {
        LOSSLESS,
        LOSES,
        NOT_VERIFIED
    }

    /**
     * One claim about what the old shape cannot hold.
     *
     * @param rows how many there are; {@code null} when they could not be counted, and the note says why
     * @param listed the rows as JSON, when revealed; at most {@link Accounts#SHOWN}
     */
    public record Mapping(
            String claim, Verdict verdict, @Nullable Long rows, String note, List<String> listed) {}

    /** Where a run stands, seen from its way back. */
    public enum Stage {
        BEFORE_CUTOVER("before the cutover: the old shape is in use"),
        CUT_OVER("after the cutover: mirrors keep the old shape true"),
        RETIRING("in the clean-up: the old objects are being retired"),
        RETIRED("after the clean-up: the old objects are retired, as they were at that moment"),
        DROPPED("after the drop: the old shape exists in backups only"),
        GOING_BACK("on its way back"),
        BACK("over: the old shape is in use, with every write");

        private final String words;

        Stage(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }

        private boolean mayLose() {
            return this == BEFORE_CUTOVER || this == CUT_OVER || this == RETIRING || this == RETIRED;
        }
    }

    /**
     * Of one run.
     *
     * @param which the number of a run, or a migration's name for its newest run
     * @throws runbook.engine.RunbookException when there is no such run, naming those that there are
     */
    public static Reversibility of(Target target, String which, Catalog catalog, boolean reveal) {
        RunLine run = Accounts.find(target, which);
        Course course = new Course(target.dsl(), run.id());
        List<PhaseLine> phases = course.phases();
        Stage stage = stage(run, phases);
        return new Reversibility(
                reveal,
                run,
                target.dsl()
                        .select(currentOffsetDateTime())
                        .fetchSingle()
                        .value1()
                        .toInstant(),
                stage,
                until(stage),
                command(stage, run, course.backups()),
                stage.mayLose() ? mappings(target, run, phases, catalog, reveal) : List.of());
    }

    private static Stage stage(RunLine run, List<PhaseLine> phases) {
        String parting = run.parting() == null ? "" : run.parting();
        String standing = run.standing() == null ? "" : run.standing();
        if (parting.equals("dropped")) {
            return Stage.DROPPED;
        }
        if (parting.equals("retired")) {
            return Stage.RETIRED;
        }
        if (run.endedAt() != null) {
            return Stage.BACK;
        }
        if (parting.equals("rolling_back")
                || phases.stream().anyMatch(line -> line.phase().equals("rollback"))) {
            return Stage.GOING_BACK;
        }
        if (List.of("cleanup", "outside window: cleanup", "parked: cleanup").contains(standing)) {
            return Stage.RETIRING;
        }
        return phases.stream().anyMatch(line -> line.phase().equals("cutover")) ? Stage.CUT_OVER : Stage.BEFORE_CUTOVER;
    }

    private static String until(Stage stage) {
        return switch (stage) {
            case BEFORE_CUTOVER, CUT_OVER -> "until the gate cleanup is approved";
            case RETIRING -> "once the clean-up is done, and until the drop";
            case RETIRED -> "until the drop";
            case DROPPED -> "as long as the backup is kept";
            case GOING_BACK, BACK -> "";
        };
    }

    private static String command(Stage stage, RunLine run, List<BackupLine> backups) {
        return switch (stage) {
            case BEFORE_CUTOVER, CUT_OVER ->
                "temporal workflow update execute -w " + run.workflowId()
                        + " --name rollback --input '{\"requestedBy\":\"YOU\",\"reason\":\"WHY\"}'";
            case RETIRING, RETIRED -> "./runbook unarchive " + run.migration() + " --target " + run.target();
            case DROPPED ->
                backups.isEmpty()
                        ? ""
                        : "./runbook restore " + backups.get(backups.size() - 1).folder() + " --target " + run.target()
                                + " --dry-run";
            case GOING_BACK, BACK -> "";
        };
    }

    private static List<Mapping> mappings(
            Target target, RunLine run, List<PhaseLine> phases, Catalog catalog, boolean reveal) {
        boolean expanded = phases.stream().anyMatch(line -> line.phase().equals("schema"));
        Optional<Migration> migration = catalog.find(run.migration());
        if (migration.isEmpty()) {
            return List.of(nobodyLooked("this build does not know the migration: --plugins DIR"));
        }
        List<Mapping> mappings = new ArrayList<>();
        if ("retired".equals(run.parting())) {
            Unarchive.writtenSince(target, migration.get(), reveal ? Accounts.SHOWN : 0, MOST)
                    .forEach(lost -> mappings.add(writtenSince(lost)));
        }
        migration.get().losses().forEach(loss -> mappings.add(worded(Losses.count(target, loss, reveal), expanded)));
        if (migration.get().losses().isEmpty()) {
            mappings.add(nobodyLooked("the migration names no loss"));
        }
        return mappings;
    }

    /** Nothing keeps the old shape true after the clean-up. */
    private static Mapping writtenSince(Unarchive.Lost lost) {
        Long count = lost.count();
        Verdict verdict = count == null ? Verdict.NOT_VERIFIED : count == 0 ? Verdict.LOSSLESS : Verdict.LOSES;
        return new Mapping(lost.claim(), verdict, count, lost.note(), lost.listed());
    }

    private static Mapping worded(Mapping counted, boolean expanded) {
        if (counted.verdict() != Verdict.NOT_VERIFIED) {
            return counted;
        }
        return !expanded && counted.note().equals(Losses.NO_TABLE)
                ? new Mapping(counted.claim(), Verdict.LOSSLESS, 0L, "there is no new shape yet", List.of())
                : new Mapping(counted.claim(), Verdict.NOT_VERIFIED, null, "SQLSTATE " + counted.note(), List.of());
    }

    private static Mapping nobodyLooked(String why) {
        return new Mapping("a roll-back", Verdict.NOT_VERIFIED, null, why, List.of());
    }
}
