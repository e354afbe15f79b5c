package runbook.engine.selftest;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.Table;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Target;
import runbook.engine.selftest.Finding.Fate;
import runbook.engine.selftest.Planting.Planted;
import runbook.message.CheckVerdict;
import runbook.spi.Migration;

/** Plants each known corruption by itself where the backfill has just written, and asks the validation. */
public final class Selftest {

    private static final String NO_ROW = "no row to plant it in";

    /** What is asked of the validation. */
    private enum Expected {
        CAUGHT,
        NOT_MINDED,
        CAUGHT_OR_MIRRORED
    }

    private final Migration migration;
    private final Subject subject;
    private final Originals originals;
    private final Planting planting;
    private final Copied copied;
    private final Pulse pulse;
    private final List<Finding> findings = new ArrayList<>();

    private Selftest(Target target, Migration migration, Pulse pulse) {
        this.migration = migration;
        this.pulse = pulse;
        this.subject = Subject.ready(target, migration, pulse);
        this.copied = new Copied(target.dsl(), migration);
        this.planting = new Planting(target, migration);
        Set<Table<?>> tables = new LinkedHashSet<>(migration.tables());
        tables.addAll(migration.created());
        tables.addAll(copied.tables());
        this.originals = new Originals(target, List.copyOf(tables));
    }

    /**
     * Tests the validation of a migration.
     *
     * @param target a database that holds the old shape with a sample, and that nobody needs: its rows are spoilt
     * @throws RunbookException when the sample does not even pass unspoilt
     */
    public static List<Finding> run(Target target, Migration migration, Pulse pulse) {
        if (migration.backfills().isEmpty()) {
            throw new RunbookException(migration.name()
                    + ": selftest: it has no backfill, expected one at least. Nothing was planted: there is no copy"
                    + " that could be spoilt.");
        }
        return new Selftest(target, migration, pulse).findings();
    }

    private List<Finding> findings() {
        for (Table<?> table : copied.tables()) {
            List<Column> columns = copied.columns(table);
            for (Column column : columns) {
                values(table, column);
            }
            if (migration.created().contains(table)) {
                rows(table, columns);
            }
        }
        findings.addAll(unknownTypes());
        findings.addAll(copied.leftOut());
        List<CheckVerdict> left = subject.objections();
        if (!left.isEmpty()) {
            throw new IllegalStateException(
                    migration.name() + ": selftest: what was planted was not put back: " + left);
        }
        return List.copyOf(findings);
    }

    private void values(Table<?> table, Column column) {
        String where = table.getName() + "." + column.name();
        for (Corruption corruption : Corruption.OF_VALUES) {
            if (corruption.types().contains(column.type())) {
                Expected expected = corruption.equal() ? Expected.NOT_MINDED : Expected.CAUGHT;
                plant(corruption.name(), where, expected, () -> planting.value(table, column, corruption));
            }
        }
        plant(Corruption.LOST.name(), where, Expected.CAUGHT, () -> planting.value(table, column, Corruption.LOST));
        plant("swapped values of two rows", where, Expected.CAUGHT, () -> planting.swap(table, column));
    }

    private void rows(Table<?> table, List<Column> columns) {
        plant("a dropped row", table.getName(), Expected.CAUGHT, () -> planting.drop(table));
        plant("a row twice", table.getName(), Expected.CAUGHT, () -> planting.duplicate(table, columns));
        plant("a foreign write", table.getName(), Expected.CAUGHT_OR_MIRRORED, () -> planting.foreign(table, columns));
    }

    private void plant(String corruption, String where, Expected expected, Supplier<Planted> work) {
        pulse.beat(Map.of("planted", corruption, "in", where));
        Planted planted = work.get();
        if (!planted.refused().isEmpty()) {
            findings.add(new Finding(corruption, where, Fate.REFUSED_BY_THE_DATABASE, planted.refused()));
        } else if (planted.rows() == 0) {
            findings.add(new Finding(corruption, where, Fate.NOT_APPLICABLE, NO_ROW));
        } else {
            findings.add(judged(corruption, where, expected));
            originals.putBack();
        }
    }

    /** A check that a corruption makes impossible holds the run up like one that it fails, and says so. */
    private Finding judged(String corruption, String where, Expected expected) {
        List<CheckVerdict> objections = subject.objections();
        boolean caught = !objections.isEmpty();
        String by = objections.stream().map(Subject::words).collect(Collectors.joining(", "));
        if (expected == Expected.NOT_MINDED) {
            return new Finding(
                    corruption, where, caught ? Fate.CAUGHT_THOUGH_EQUAL : Fate.EQUAL_RIGHTLY_NOT_CAUGHT, by);
        }
        if (!caught && expected == Expected.CAUGHT_OR_MIRRORED && originals.changed(migration.tables())) {
            return new Finding(
                    corruption, where, Fate.EQUAL_RIGHTLY_NOT_CAUGHT, "a mirror carried it to the old shape");
        }
        return new Finding(corruption, where, caught ? Fate.CAUGHT : Fate.NOT_CAUGHT, by);
    }

    /** Corruptions for whose types the new shape has no column. */
    private List<Finding> unknownTypes() {
        Set<String> types = copied.tables().stream()
                .flatMap(table -> copied.columns(table).stream())
                .map(Column::type)
                .collect(Collectors.toSet());
        return Corruption.OF_VALUES.stream()
                .map(Corruption::name)
                .distinct()
                .filter(name -> of(name).noneMatch(types::contains))
                .map(name -> new Finding(
                        name,
                        "anywhere",
                        Fate.NOT_APPLICABLE,
                        "no copied column is of type " + of(name).collect(Collectors.joining(", "))))
                .toList();
    }

    private static Stream<String> of(String name) {
        return Corruption.OF_VALUES.stream()
                .filter(corruption -> corruption.name().equals(name))
                .flatMap(corruption -> corruption.types().stream())
                .distinct();
    }
}
