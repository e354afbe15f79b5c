package runbook.engine;

import java.util.Objects;
import java.util.stream.Stream;
import org.jooq.Schema;
import org.jooq.Table;
import runbook.spi.Migration;
import runbook.spi.Mirror;
import runbook.spi.Switch;

/** How far a migration reaches. */
final class Extent {

    private Extent() {}

    /** Tables of both shapes, and what else its mirrors watch. */
    static Stream<Table<?>> tables(Migration migration) {
        Stream<Table<?>> mirrored = migration.mirrors().stream().map(Mirror::on);
        return Stream.of(migration.tables().stream(), migration.created().stream(), mirrored)
                .flatMap(tables -> tables)
                .distinct();
    }

    static Stream<Switch> switches(Migration migration) {
        return migration.cutover().stream().flatMap(stage -> stage.switches().stream());
    }

    /** The views that a cutover switches. */
    static Stream<Table<?>> views(Migration migration) {
        return switches(migration).filter(Switch.View.class::isInstance).map(view -> ((Switch.View) view).view());
    }

    /** The schemas in which a shape of it is. */
    static String[] schemas(Migration migration) {
        return schemas(Stream.concat(tables(migration), views(migration))).toArray(String[]::new);
    }

    /** The schemas of these. */
    static Stream<String> schemas(Stream<? extends Table<?>> tables) {
        return tables.map(Table::getSchema)
                .filter(Objects::nonNull)
                .map(Schema::getName)
                .distinct();
    }
}
