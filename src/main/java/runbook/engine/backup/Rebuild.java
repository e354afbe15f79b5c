package runbook.engine.backup;

import java.io.IOException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jooq.Name;
import org.jooq.Query;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import runbook.engine.RunbookException;

/** Makes everything in a manifest again in an empty database: what the tables need, the tables, the rows, the rest. */
final class Rebuild {

    private static final String STATE = "The scratch database is dropped, nothing else was touched.";

    private final Stored stored;
    private final Manifest manifest;
    private final Session session;
    private final Consumer<String> doing;

    /** @param doing told what begins */
    Rebuild(Stored stored, Session session, Consumer<String> doing) {
        this.stored = stored;
        this.manifest = stored.manifest();
        this.session = session;
        this.doing = doing;
    }

    void run() {
        doing.accept("restoring");
        schemas();
        for (Needed needed : manifest.needed()) {
            at(needed.kind() + " " + needed.name(), () -> session.execute(needed.sql()));
        }
        Ddl ddl = new Ddl(manifest.sequences());
        for (Sequence sequence : manifest.sequences()) {
            if (!sequence.identity()) {
                at("sequence " + sequence.name(), () -> session.execute(Ddl.create(sequence)));
            }
        }
        for (SavedTable table : manifest.tables()) {
            doing.accept("restoring " + table.name());
            at(table.name().toString(), () -> {
                session.execute(ddl.createPassing(table.shape()));
                fill(session, stored, table, table.name().quoted());
            });
        }
        for (SavedTable table : manifest.tables()) {
            doing.accept("indexing " + table.name());
            at(table.name().toString(), () -> all(Ddl.finish(table.name(), table.shape())));
        }
        connect();
    }

    /** Loads a file and refuses any other number of rows than was saved. */
    static void fill(Session session, Stored stored, SavedTable table, Name into) throws SQLException, IOException {
        long rows = session.copyIn(Rows.copyIn(into, table.shape().saved()), stored.rows(table));
        if (rows != table.rows()) {
            throw new RunbookException("restore: " + table.name() + ": file " + table.file() + " gave " + rows
                    + " rows, expected " + table.rows() + ". The backup is not used.");
        }
    }

    private void schemas() {
        for (SavedTable table : manifest.tables()) {
            schema(table.name().schema());
        }
        manifest.sequences().forEach(sequence -> schema(sequence.name().schema()));
    }

    private void schema(String name) {
        at("schema " + name, () -> session.execute(DSL.query("create schema if not exists {0}", DSL.name(name))));
    }

    /** Foreign keys among the saved tables, and sequences at their numbers. */
    private void connect() {
        Set<TableName> here = new HashSet<>(manifest.names());
        for (SavedTable table : manifest.tables()) {
            for (Constraint key : table.shape().foreignKeys()) {
                if (here.contains(key.references())) {
                    at(table.name() + "." + key.name(), () -> session.execute(Ddl.add(table.name(), key)));
                }
            }
        }
        for (Sequence sequence : manifest.sequences()) {
            at("sequence " + sequence.name(), () -> session.execute(Ddl.stand(sequence)));
        }
    }

    private void all(List<Query> queries) throws SQLException {
        for (Query query : queries) {
            session.execute(query);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException, IOException;
    }

    private static void at(String object, Work work) {
        try {
            work.run();
        } catch (SQLException | IOException | DataAccessException e) {
            throw Failure.at("drill: " + object + " could not be restored", STATE, e);
        }
    }
}
