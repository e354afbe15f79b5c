package runbook.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.TestPostgres;
import runbook.engine.Pulse;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.message.Run;

/** Every type, value, name and dependency comes back bit for bit. */
class ZooTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.prepared("zoo", Zoo::build);

    @TempDir
    Path folder;

    private final Targets targets = new Targets();

    @AfterEach
    void close() {
        targets.close();
    }

    @Test
    void every_kind_of_value_survives_the_drill() {
        Target target = targets.named(postgres.target());

        ProvedBackup proved = drill(target).takeAndCompare(Zoo.tables(), folder.resolve("b"));

        assertThat(proved.drill().problems()).isEmpty();
        assertThat(proved.drill().verdict()).isEqualTo("equal");
        assertThat(proved.drill().rowByRow()).isTrue();
        assertThat(proved.backup().rows()).isEqualTo(203 + 3 + 2 + 5 + 2);
        assertThat(drill(target).restoreAndCompare(folder.resolve("b")).verdict())
                .isEqualTo("equal");
    }

    @Test
    void dropped_tables_come_back_with_everything_around_them() {
        Target target = targets.named(postgres.target());
        Backup.take(target, Zoo.tables(), folder.resolve("before"), Pulse.NONE);
        target.dsl().execute("drop schema {0} cascade", DSL.name(Zoo.KINDS.schema()));

        RestoreFacts facts = Restore.run(target, folder.resolve("before"), RestoreRequest.everything(), Pulse.NONE);

        assertThat(facts.tables())
                .allSatisfy(table -> assertThat(table.created()).isTrue());
        assertThat(facts.tables())
                .allSatisfy(table -> assertThat(table.remaining()).isZero());
        Backup.take(target, Zoo.tables(), folder.resolve("after"), Pulse.NONE);
        assertThat(parts(folder.resolve("after"))).isEqualTo(parts(folder.resolve("before")));
    }

    @Test
    void what_only_newer_servers_know_survives_too() throws Exception {
        Target target = targets.named(postgres.target());
        target.dsl().execute("create schema newer");
        target.dsl()
                .execute("create table newer.kinds (a integer, twice integer generated always as (a * 2) virtual,"
                        + " one text collate pg_c_utf8, unique nulls not distinct (a))");
        target.dsl().execute("insert into newer.kinds (a) values (1), (null)");
        target.dsl().execute("alter table newer.kinds add constraint late not null one not valid");
        target.dsl().execute("alter table newer.kinds add constraint lax check (a > 9) not enforced");
        List<Table<?>> tables = List.of(DSL.table(DSL.name("newer", "kinds")));

        assertThat(drill(target)
                        .takeAndCompare(tables, folder.resolve("before"))
                        .drill()
                        .problems())
                .isEmpty();

        target.dsl().execute("drop table newer.kinds");
        Restore.run(target, folder.resolve("before"), RestoreRequest.everything(), Pulse.NONE);
        Backup.take(target, tables, folder.resolve("after"), Pulse.NONE);
        assertThat(parts(folder.resolve("after"))).isEqualTo(parts(folder.resolve("before")));
    }

    /** All that must not have changed: shapes, sequences, surroundings, rows. */
    private static List<Object> parts(Path backup) {
        Manifest manifest = Stored.open(backup).manifest();
        return List.of(
                manifest.needed(),
                manifest.sequences(),
                manifest.tables().stream().map(SavedTable::shape).toList(),
                manifest.tables().stream().map(SavedTable::rows).toList(),
                manifest.tables().stream().map(SavedTable::fingerprint).toList(),
                manifest.leftOut());
    }

    private static Drill drill(Target target) {
        return Drill.of(target, new Run("zoo", target.name(), 1, 1, "zoo", "r"), Pulse.NONE);
    }
}
