package runbook.engine.backup;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jooq.Query;
import org.jooq.impl.DSL;
import runbook.engine.RunbookException;

/**
 * Copies of tables in a schema of their own, to look at and to take rows from: with keys, checks and indexes, without
 * defaults, sequences, foreign keys and triggers.
 */
final class Beside {

    private final Session session;
    private final Stored stored;
    private final RestoreRequest request;

    Beside(Session session, Stored stored, RestoreRequest request) {
        this.session = session;
        this.stored = stored;
        this.request = request;
    }

    List<TableRestore> copy(List<SavedTable> tables, Consumer<String> doing) throws SQLException, IOException {
        String schema = request.into().orElseThrow();
        List<TableRestore> done = new ArrayList<>();
        session.dsl().execute("create schema if not exists {0}", DSL.name(schema));
        for (SavedTable table : tables) {
            TableName name = table.name().in(schema);
            doing.accept("copying to " + name);
            if (new Shapes(session.dsl()).find(name) != null) {
                throw new RunbookException("restore: " + name + " is there already. Nothing was changed. Name a schema"
                        + " without a table of that name.");
            }
            if (!request.dryRun()) {
                session.execute(new Ddl(List.of()).createAside(name, table.shape()));
                Rebuild.fill(session, stored, table, name.quoted());
                for (Query query : Ddl.finish(name, table.shape())) {
                    session.execute(query);
                }
            }
            done.add(new TableRestore(name.toString(), true, table.rows(), 0, 0, 0));
        }
        return done;
    }
}
