package runbook.engine;

import static runbook.generated.engine.Tables.BACKUP;
import static runbook.generated.engine.Tables.CHECK_RESULT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.DSLContext;
import runbook.engine.throttle.Throttlings;
import runbook.message.Evidence;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.spi.Migration;

/**
 * What people decide on at a gate. The {@code decision} is hashed, as canonical JSON (RFC 8785) with SHA-256: what would
 * change somebody's mind, and nothing else, since every change voids the approvals that were given on it.
 *
 * <ul>
 *   <li>{@code run}: the workflow's run id, so that an approval copied by {@code workflow reset} fits nothing there;
 *   <li>{@code migration}, {@code gate}, {@code definition}: what is asked for; the last is the hash of all statements and
 *       scripts, for nobody has approved others;
 *   <li>{@code checks}: the newest verdict of each check, without its counts;
 *   <li>{@code backup}: what the drill of the newest backup found;
 *   <li>{@code quarantined}: how many rows are not brought over;
 *   <li>{@code loss}: whether a roll-back would lose rows, by claim; how many they are grows with every write;
 *   <li>{@code retires}, {@code point of no return}: what goes, at the gates behind which something goes.
 * </ul>
 *
 * <p>The {@code readings} are shown only: ages, measures, rows and times differ from minute to minute without changing
 * anybody's mind. How old the proof is would void every approval if it were hashed; so it is a condition of its own,
 * judged on each approval, at the gates that rest on the proof. It is as old as the oldest look that it rests on.
 */
public final class Decisions {

    /** Older proof is too old to rest an approval on; the evidence then says how to renew it. */
    static final Duration FRESH = Duration.ofHours(24);

    private static final List<String> PROVED_GATES = List.of("cutover", "cleanup");

    /** Before there is a new shape nothing can be lost, and after clean-up nobody goes back. */
    private static final List<String> LOSSLESS_GATES = List.of("backup", "schema", "drop");

    /** Less than the ten minutes that a run waits for its evidence: no count goes on when nobody waits for it. */
    private static final String PATIENCE = "9min";

    private Decisions() {}

    public static Evidence gather(Target target, PhaseRequest request, Migration migration, String gate, String salt) {
        Run run = request.run();
        DSLContext dsl = target.dsl();
        List<String> blocking = new ArrayList<>();
        Map<String, Object> decision = new TreeMap<>();
        decision.put("run", salt);
        decision.put("migration", run.migration());
        decision.put("gate", gate);
        decision.put("definition", Plan.definition(migration));
        decision.put("checks", checks(dsl, run, blocking));
        decision.put("backup", drill(dsl, run));
        decision.put("quarantined", Quarantine.held(dsl, run));
        Map<String, Long> losses =
                LOSSLESS_GATES.contains(gate) ? Map.of() : WouldLose.rows(target, migration, PATIENCE);
        decision.put("loss", classes(losses, migration, gate));
        if (gate.equals("cleanup") || gate.equals("drop")) {
            decision.put("retires", Retirements.list(migration));
        }
        Map<String, List<String>> dependents = gate.equals("cleanup") ? Dependents.of(dsl, run, migration) : Map.of();
        if (!dependents.isEmpty()) {
            decision.put("depends on what is retired", dependents);
        }
        if (gate.equals("drop")) {
            decision.put("point of no return", "after this the old shape exists in backups only");
        }
        stopped(dsl, blocking);
        List<String> strayed = gate.equals("cleanup") ? Strays.missing(dsl, run, migration.cutover()) : List.of();
        if (!strayed.isEmpty()) {
            blocking.add(Strays.words(dsl, strayed) + "; send 'retry' to prove anew and switch again");
        }
        Map<String, Object> readings = readings(dsl, run, gate, blocking);
        if (!losses.isEmpty()) {
            readings.put("rows that a roll-back would lose", losses);
        }
        Map<String, Long> lost = Throttlings.lost(Throttlings.of(dsl, run.id()));
        if (!lost.isEmpty()) {
            readings.put("milliseconds lost to throttling", lost);
        }
        Map<String, Long> foreign = ForeignWrites.counted(dsl, run);
        if (!foreign.isEmpty()) {
            readings.put("rows that others wrote to the new tables", foreign);
        }
        readings.put("measures before", Measures.newest(dsl, run, "assessment"));
        readings.put("measures after", Measures.newest(dsl, run, "validation"));
        String canonical = Json.canonical(decision);
        return new Evidence(
                gate,
                Json.sha256(canonical),
                canonical,
                Json.write(readings),
                headline(dsl, run) + wayBack(gate, losses),
                List.copyOf(blocking));
    }

    private static Map<String, Object> checks(DSLContext dsl, Run run, List<String> blocking) {
        Map<String, Object> verdicts = new TreeMap<>();
        latest(dsl, run).forEach((name, check) -> {
            verdicts.put(name, check.verdict() + (check.severity().equals("blocking") ? "" : ", advisory"));
            if (check.severity().equals("blocking") && !check.verdict().equals("passed")) {
                blocking.add("\"" + check.name() + "\" is " + check.verdict().replace('_', ' ')
                        + "; repair it and send 'retry', or send 'rollback'");
            }
        });
        return verdicts;
    }

    private record Latest(String name, String severity, String verdict) {}

    /** The newest verdict of each check of each phase; what a former owner found is found anew, or counts no more. */
    private static Map<String, Latest> latest(DSLContext dsl, Run run) {
        Map<String, Latest> newest = new TreeMap<>();
        dsl.selectFrom(CHECK_RESULT)
                .where(CHECK_RESULT.RUN.eq(run.id()))
                .and(CHECK_RESULT.ATTEMPT.gt(run.formerAttempts()))
                .orderBy(CHECK_RESULT.PHASE, CHECK_RESULT.ATTEMPT)
                .forEach(row -> newest.put(
                        row.getPhase() + ": " + row.getName(),
                        new Latest(row.getName(), row.getSeverity(), row.getVerdict())));
        return newest;
    }

    private static String headline(DSLContext dsl, Run run) {
        Map<String, Integer> counts = new TreeMap<>(Map.of("passed", 0, "failed", 0, "not_verified", 0));
        int advisory = 0;
        for (Latest check : latest(dsl, run).values()) {
            if (check.severity().equals("advisory") && !check.verdict().equals("passed")) {
                advisory++;
            } else {
                counts.merge(check.verdict(), 1, Integer::sum);
            }
        }
        return counts.get("passed") + " checks passed, " + counts.get("failed") + " failed, "
                + counts.get("not_verified") + " not verified, " + advisory + " advisory.";
    }

    private static String drill(DSLContext dsl, Run run) {
        String drill = dsl.select(BACKUP.DRILL)
                .from(BACKUP)
                .where(BACKUP.RUN.eq(run.id()))
                .orderBy(BACKUP.ID.desc())
                .limit(1)
                .fetchOne(BACKUP.DRILL);
        return drill == null ? "none" : "restored and " + drill;
    }

    /** What is decided on is the class of a loss; how many rows it is grows with every write, so that is a reading. */
    private static Map<String, String> classes(Map<String, Long> losses, Migration migration, String gate) {
        Map<String, String> classes = new TreeMap<>();
        if (migration.losses().isEmpty() && !LOSSLESS_GATES.contains(gate)) {
            classes.put("roll-back", "not verified: the migration names no loss");
        }
        losses.forEach((claim, rows) -> classes.put(claim, rows > 0 ? "loses rows" : "lossless"));
        return classes;
    }

    /** What the way back would cost from here, and where there is none any more. */
    private static String wayBack(String gate, Map<String, Long> losses) {
        String lost = LOSSLESS_GATES.contains(gate) ? "" : " " + WouldLose.sentence(losses) + ".";
        return switch (gate) {
            case "cleanup" ->
                lost + " Once this is approved only ./runbook unarchive brings the old shape back, as it was then.";
            case "drop" -> " The point of no return: after this the old shape exists in backups only.";
            default -> lost;
        };
    }

    private static void stopped(DSLContext dsl, List<String> blocking) {
        String reason = Switches.reason(dsl);
        if (reason != null) {
            blocking.add("runbook.stop was called: " + reason + "; select runbook.lift_stop('why') to go on");
        }
    }

    private static Map<String, Object> readings(DSLContext dsl, Run run, String gate, List<String> blocking) {
        Map<String, Object> readings = new LinkedHashMap<>();
        Long age = ProofAge.newest(dsl, run).map(ProofAge::seconds).orElse(null);
        if (age != null) {
            readings.put("seconds since the newest validation", age);
        }
        if (PROVED_GATES.contains(gate) && (age == null || age > FRESH.toSeconds())) {
            blocking.add("the newest validation is "
                    + (age == null ? "missing" : age / 3600 + " h old, " + FRESH.toHours() + " h are allowed")
                    + "; send the signal 'retry' to renew it");
        }
        return readings;
    }
}
