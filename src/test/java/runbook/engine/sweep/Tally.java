package runbook.engine.sweep;

import java.util.EnumMap;
import java.util.Map;

/** The kills of a sweep: where each fell, and what had become of its batch when the database was asked. */
final class Tally {

    private static final String HEADINGS = "%-30s %6s %15s %13s %5s %11s %4s%n";

    /** What one kind of kill met. */
    private static final class Row {
        int beforeRolledBack;
        int inRolledBack;
        int inCommitted;
        int afterCommitted;
        int afterLost;
        int idle;
    }

    private final Map<Victim, Row> rows = new EnumMap<>(Victim.class);

    Tally() {
        for (Victim victim : Victim.values()) {
            rows.put(victim, new Row());
        }
    }

    private Row row(Victim victim) {
        return rows.computeIfAbsent(victim, none -> new Row());
    }

    /** No batch was open: the kill does not count. */
    void idle(Victim victim) {
        row(victim).idle++;
    }

    /**
     * A batch was open.
     *
     * @param stage how far the proxy had seen it come
     * @param committed what the database says of its transaction
     */
    void count(Victim victim, SeenBatch.Stage stage, boolean committed) {
        Row row = row(victim);
        switch (stage) {
            case OPEN -> {
                expect(!committed, "a batch is committed whose COMMIT never came to the database");
                row.beforeRolledBack++;
            }
            case COMMITTING -> {
                row.inCommitted += committed ? 1 : 0;
                row.inRolledBack += committed ? 0 : 1;
            }
            case ANSWERED -> {
                // A batch's commit does not wait for the disk: a crash may take it, rows and cursor together.
                expect(
                        committed || victim == Victim.DATABASE,
                        "a batch is gone though the database had answered its COMMIT");
                row.afterCommitted += committed ? 1 : 0;
                row.afterLost += committed ? 0 : 1;
            }
            case TOLD -> row.idle++;
        }
    }

    private static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    int counted() {
        return before() + in() + after();
    }

    int before() {
        return rows.values().stream().mapToInt(row -> row.beforeRolledBack).sum();
    }

    int in() {
        return rows.values().stream()
                .mapToInt(row -> row.inCommitted + row.inRolledBack)
                .sum();
    }

    int after() {
        return rows.values().stream()
                .mapToInt(row -> row.afterCommitted + row.afterLost)
                .sum();
    }

    /** The table that a person reads. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder(HEADINGS.formatted(
                "killed", "before", "in, rolled back", "in, committed", "after", "after, lost", "idle"));
        rows.forEach((victim, row) -> lines.append(HEADINGS.formatted(
                victim,
                row.beforeRolledBack,
                row.inRolledBack,
                row.inCommitted,
                row.afterCommitted,
                row.afterLost,
                row.idle)));
        return lines.append("%d kills count: %d before COMMIT, %d in it, %d after it"
                        .formatted(counted(), before(), in(), after()))
                .toString();
    }
}
