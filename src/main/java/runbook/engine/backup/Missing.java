package runbook.engine.backup;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.impl.DSL;

/** Makes tables again that are gone from the database, with what they need and what only follows once rows are in. */
final class Missing {

    private final Session session;
    private final Stored stored;
    private final Manifest manifest;
    private final Set<String> notes;
    private final List<SavedTable> created = new ArrayList<>();

    Missing(Session session, Stored stored, Set<String> notes) {
        this.session = session;
        this.stored = stored;
        this.manifest = stored.manifest();
        this.notes = notes;
    }

    /**
     * The table with its rows, and then its constraints: one that was never validated would refuse the rows. Foreign keys
     * follow in {@link #finish}.
     */
    void create(SavedTable table) throws SQLException, IOException {
        for (Needed needed : manifest.needed()) {
            if (!there(needed)) {
                session.execute(needed.sql());
            }
        }
        session.execute(DSL.query(
                "create schema if not exists {0}", DSL.name(table.name().schema())));
        for (Sequence sequence : manifest.sequences()) {
            if (!sequence.identity()) {
                session.execute(Ddl.create(sequence));
            }
        }
        session.execute(new Ddl(manifest.sequences()).create(table.shape()));
        Rebuild.fill(session, stored, table, table.name().quoted());
        for (Query query : Ddl.finish(table.name(), table.shape())) {
            session.execute(query);
        }
        created.add(table);
        if (!table.shape().leftOut().isEmpty()) {
            notes.add(table.name() + " was made again without: "
                    + String.join(", ", table.shape().leftOut()));
        }
    }

    /** Foreign keys of what was made, and sequences of what was restored at least where they stood. */
    void finish(Set<TableName> restored) throws SQLException {
        for (SavedTable table : created) {
            for (Constraint key : table.shape().foreignKeys()) {
                if (key.references() != null
                        && there("to_regclass", key.references().asText())) {
                    session.execute(Ddl.add(table.name(), key));
                } else {
                    notes.add(table.name() + " was made again without foreign key " + key.name() + ": table "
                            + key.references() + " is not there");
                }
            }
        }
        for (Sequence sequence : manifest.sequences()) {
            boolean wanted = sequence.table() == null || restored.contains(sequence.table());
            if (wanted && there("to_regclass", sequence.name().asText())) {
                own(sequence);
                session.execute(Ddl.stand(sequence));
            }
        }
    }

    private void own(Sequence sequence) throws SQLException {
        boolean made = created.stream().anyMatch(table -> table.name().equals(sequence.table()));
        if (made && !sequence.identity()) {
            session.execute(Ddl.own(sequence));
        }
    }

    private boolean there(Needed needed) {
        return switch (needed.kind()) {
            case "type" -> there("to_regtype", needed.name());
            case "function" -> there("to_regprocedure", needed.name());
            case "collation" -> there("to_regcollation", needed.name());
            default -> false; // schemas and extensions are made "if not exists"
        };
    }

    private boolean there(String lookUp, String name) {
        DSLContext dsl = session.dsl();
        return dsl.fetchSingle("select {0}({1}) is not null as found", DSL.name("pg_catalog", lookUp), DSL.inline(name))
                .get("found", Boolean.class);
    }
}
