package runbook.cli.bench;

import java.util.Arrays;
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
    GROWTH("growth", "ten times the rows", false, 13.0);

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

    /** The arm of this name. */
    public static Arm named(String word) {
        return Arrays.stream(values())
                .filter(arm -> arm.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new RunbookException("bench: arm '" + word + "' found, expected one of "
                        + Arrays.stream(values()).map(arm -> arm.word).collect(Collectors.joining(", "))
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
