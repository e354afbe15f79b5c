package runbook.engine.backup;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Compares restored tables with their source. While the snapshot is held, the rows of the source are read a second time,
 * past the files, into the scratch database, where one statement sees both: production gets no table and no rows. Rows
 * are compared as texts of all their columns, which no type can refuse and in which 1.0 is not 1.00.
 */
final class Comparing {

    private static final Name BESIDE = DSL.name("runbook_drill");
    private static final Name SOURCE = DSL.name("runbook_drill", "source_rows");
    private static final List<Name> ROW = List.of(DSL.name("row_text"));

    private static final String BOTH_WAYS = """
            select (select pg_catalog.count(*) from (
                        select {0} as row_text from {1} except all select {2} from only {3}) as m) as missing,
                   (select pg_catalog.count(*) from (
                        select {2} as row_text from only {3} except all select {0} from {1}) as s) as surplus
            """;

    private final Session scratch;
    private final @Nullable Snapshot snapshot;

    Comparing(Session scratch, @Nullable Snapshot snapshot) {
        this.scratch = scratch;
        this.snapshot = snapshot;
    }

    TableDrill compare(SavedTable table) {
        try {
            Rows.Fingerprint found =
                    Rows.fingerprint(scratch.dsl(), table.name(), table.shape().compared());
            boolean same = found.sum().equals(table.fingerprint());
            if (snapshot == null) {
                return new TableDrill(table.name().toString(), table.rows(), found.rows(), 0, 0, same);
            }
            bring(snapshot, table);
            Record counted = scratch.dsl()
                    .fetchSingle(
                            BOTH_WAYS,
                            DSL.sql("{0} collate \"C\"", ROW.get(0)),
                            SOURCE,
                            Rows.text(table.shape().compared()),
                            table.name().quoted());
            return new TableDrill(
                    table.name().toString(),
                    table.rows(),
                    found.rows(),
                    counted.get("missing", Long.class),
                    counted.get("surplus", Long.class),
                    same);
        } catch (SQLException | IOException | DataAccessException e) {
            throw Failure.at(
                    "drill: " + table.name() + " could not be compared",
                    "The backup is not verified. The scratch database is dropped; send the signal 'retry'.",
                    e);
        }
    }

    private void bring(Snapshot at, SavedTable table) throws SQLException, IOException {
        scratch.dsl().execute("create schema if not exists {0}", BESIDE);
        scratch.dsl().execute("drop table if exists {0}", SOURCE);
        scratch.dsl().execute(Ddl.createPassing(SOURCE, DSL.sql("{0} text", ROW.get(0))));
        try (Session source = at.join()) {
            scratch.copyIn(
                    Rows.copyIn(SOURCE, ROW),
                    sink -> source.copyOut(
                            Rows.copyTexts(table.name(), table.shape().compared()), sink));
        }
    }
}
