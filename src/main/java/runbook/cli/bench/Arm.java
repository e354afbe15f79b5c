package runbook.cli.bench;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import runbook.engine.RunbookException;

/** What the engine is compared with, and the line that it must hold. */
public enum Arm {
    ONE_SHOT("one_shot", "one INSERT … SELECT into the target with every index and key", true, 2.5),
    LOOP("loop", "the same batch statement in a plain loop, the copy alone", true, 0.9),
    UPDATE("update", "a column filled in place, against new rows", false, Double.NaN),
    ROW_MAP("row_map", "rows made in Java, against new rows", false, Double.NaN),
    PGROLL("pgroll", "a column filled by pgroll, against the engine's update", true, 3.0),
    P99("p99", "the application's writes beside the copy, against without", false, 2.0),
    GROWTH("growth", "ten times the rows", false, 13.0),
    SCAN("scan", "bare scans of both tables with the same hash, against the comparison", true, 0.67),
    RELADIFF("reladiff", "both tables compared by reladiff, against the comparison", true, 1.2);

    /** Those of {@code bench backfill}. */
    public static final Set<Arm> OF_BACKFILL = Set.copyOf(EnumSet.range(ONE_SHOT, GROWTH));

    /** Those of {@code bench validation}. */
    public static final Set<Arm> OF_VALIDATION = Set.of(SCAN, RELADIFF);

    private final String word;
    private final String means;
    private final boolean atLeast;
    private final double line;

    Arm(String word, String means, boolean atLeast, double line) {
        this.word = word;
        this.means = means;
        this.atLeast = atLeast;
        this.line = line;
    }

    /** The arms of these names, among those; all of them when none is named. */
    public static Set<Arm> named(List<String> words, Set<Arm> among) {
        Set<Arm> named = EnumSet.noneOf(Arm.class);
        words.forEach(word -> named.add(named(word, among)));
        return named.isEmpty() ? among : named;
    }

    private static Arm named(String word, Set<Arm> among) {
        return among.stream()
                .filter(arm -> arm.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new RunbookException("bench: arm '" + word + "' found, expected one of "
                        + among.stream().sorted().map(arm -> arm.word).collect(Collectors.joining(", "))
                        + ". Nothing was started."));
    }

    /** What the command and the JSON call it. */
    public String word() {
        return word;
    }

    /** For people. */
    public String means() {
        return means;
    }

    private boolean judged() {
        return !Double.isNaN(line);
    }

    boolean holds(double ratio) {
        return !judged() || (atLeast ? ratio >= line : ratio <= line);
    }

    /** The line, for people. */
    public String limit() {
        return judged() ? (atLeast ? "at least " : "at most ") + line : "no line";
    }
}
