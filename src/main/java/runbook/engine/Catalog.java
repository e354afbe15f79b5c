package runbook.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import runbook.spi.Migration;

/** The migrations that this worker can run: the bundled ones and those of its plug-ins. */
public final class Catalog {

    private final List<Migration> migrations;

    public Catalog(List<Migration> migrations) {
        this.migrations = migrations.stream()
                .sorted(Comparator.comparing(Migration::name))
                .toList();
        List<String> names = new ArrayList<>();
        for (Migration migration : this.migrations) {
            if (!migration.name().matches("[a-z][a-z0-9_]*")) {
                throw new RunbookException("migration '" + migration.name()
                        + "': expected a name of lower-case letters, digits and underscores");
            }
            if (names.contains(migration.name())) {
                throw new RunbookException("two migrations are named '" + migration.name() + "'; expected one");
            }
            names.add(migration.name());
            List<String> problems = StageRules.problems(migration);
            if (!problems.isEmpty()) {
                throw new RunbookException(String.join("\n", problems));
            }
        }
    }

    public List<Migration> all() {
        return migrations;
    }

    public Optional<Migration> find(String name) {
        return migrations.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /**
     * The migration of this name.
     *
     * @throws RunbookException naming those that there are
     */
    public Migration named(String name) {
        return find(name).orElseThrow(() -> new RunbookException(unknown(name)));
    }

    /** What to tell whoever asked for a migration that is not there. */
    public String unknown(String name) {
        return "unknown migration '" + name + "'; known: "
                + String.join(", ", migrations.stream().map(Migration::name).toList());
    }
}
