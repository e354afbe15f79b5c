package runbook.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the history of one process should be after the changes made to it, and how that fits what it is.
 *
 * @param process the number of the process
 * @param changes its changes in order, from the first look at it on
 * @param rows its statuses in order
 */
record History(long process, List<Change> changes, List<Row> rows) {

    /**
     * How many of the last life's changes are not in the history but under its first, migrated row.
     *
     * @param unmirrored how many; -1 where nothing fits
     */
    record Fit(long process, int unmirrored, List<Change> life) {

        List<Change> mirrored() {
            return life.subList(unmirrored, life.size());
        }

        /** The changes that left no trace. */
        List<Change> lost() {
            return life.subList(0, unmirrored);
        }
    }

    /** The longest history that fits: as few changes as possible were made before there were mirrors. */
    Fit fit(Set<Long> users) {
        List<Change> life = life();
        for (int unmirrored = 0; unmirrored <= life.size(); unmirrored++) {
            if (matches(expected(life, unmirrored, users))) {
                return new Fit(process, unmirrored, life);
            }
        }
        return new Fit(process, -1, life);
    }

    /** The changes since the process was last inserted, that insert among them; a first look is not a change. */
    private List<Change> life() {
        List<Change> life = new ArrayList<>();
        for (Change change : changes) {
            if (change.kind() == Change.Kind.INSERT || change.kind() == Change.Kind.DELETE) {
                life.clear();
            }
            if (change.kind() == Change.Kind.INSERT || change.kind() == Change.Kind.UPDATE) {
                life.add(change);
            }
        }
        return life;
    }

    boolean gone() {
        return changes.get(changes.size() - 1).kind() == Change.Kind.DELETE;
    }

    private List<Row> expected(List<Change> life, int unmirrored, Set<Long> users) {
        List<Row> expected = new ArrayList<>();
        if (gone()) {
            return expected;
        }
        boolean inserted = !life.isEmpty() && life.get(0).kind() == Change.Kind.INSERT;
        if (unmirrored > 0 || !inserted) {
            @Nullable
            String before = unmirrored == 0
                    ? beforeLife(life)
                    : life.get(unmirrored - 1).after();
            expected.add(new Row(before, Row.MIGRATED, null, false, false));
        }
        for (Change change : life.subList(unmirrored, life.size())) {
            if (change.visible()) {
                boolean optional = change.way() == Change.Way.NEW_SHAPE;
                expected.add(new Row(change.after(), notes(change), existing(change.actor(), users), false, optional));
            }
        }
        return expected;
    }

    private @Nullable String beforeLife(List<Change> life) {
        return life.isEmpty()
                ? changes.get(changes.size() - 1).after()
                : life.get(0).before();
    }

    private static @Nullable String notes(Change change) {
        return change.way() == Change.Way.ADD_STATUS ? change.notes() : Row.THROUGH_LEGACY;
    }

    private static @Nullable Long existing(@Nullable Long actor, Set<Long> users) {
        return actor != null && users.contains(actor) ? actor : null;
    }

    private boolean matches(List<Row> expected) {
        int found = 0;
        for (Row row : expected) {
            if (found < rows.size() && same(row, rows.get(found))) {
                found++;
            } else if (!row.optional()) {
                return false;
            }
        }
        return found == rows.size();
    }

    /** Who a migrated row was changed by follows from the process and is checked in the database. */
    private static boolean same(Row expected, Row actual) {
        return Objects.equals(expected.status(), actual.status())
                && Objects.equals(expected.notes(), actual.notes())
                && (expected.migrated() || Objects.equals(expected.changedBy(), actual.changedBy()));
    }

    /** The whole story, for the person who has to find out why. */
    String inWords(Set<Long> users) {
        List<Change> life = life();
        return "process " + process + " has "
                + rows.stream().map(Row::inWords).collect(Collectors.joining(", ", "[", "]"))
                + " where the application's log says "
                + expected(life, 0, users).stream().map(Row::inWords).collect(Collectors.joining(", ", "[", "]"));
    }
}
