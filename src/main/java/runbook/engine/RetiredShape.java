package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Query;
import org.jooq.Table;
import org.jooq.conf.MappedSchema;
import org.jooq.conf.RenderMapping;
import org.jooq.conf.Settings;
import org.jooq.conf.SettingsTools;
import org.jooq.impl.DSL;
import runbook.spi.Migration;
import runbook.spi.Retirement;

/** The old objects between their retirement and their drop: whether they are there, what brings them back, what is in them. */
final class RetiredShape {

    /** The session's own schema, where views hide nothing from anybody else. */
    private static final String OWN = "pg_temp";

    private final Migration migration;

    RetiredShape(Migration migration) {
        this.migration = migration;
    }

    /** What stands in the way of bringing it back: pieces that are not there, names that are taken. */
    List<String> problems(DSLContext dsl) {
        List<String> problems = new ArrayList<>();
        for (Retirement piece : migration.cleanup()) {
            if (piece instanceof Retirement.Archive archive) {
                Name aside = name(Retirements.ARCHIVE, archive.table().getName());
                expect(problems, there(dsl, aside), "table " + aside.unquotedName() + " is not there");
                expect(
                        problems,
                        !there(dsl, Sql.named(archive.table())),
                        "the name " + Sql.shown(archive.table()) + " is taken");
            } else if (piece instanceof Retirement.Retire column) {
                Table<?> table = table(column);
                String shown = Sql.shown(table) + ".";
                List<String> columns = columns(dsl, Sql.named(table));
                expect(
                        problems,
                        columns.contains(column.retiredName()),
                        "column " + shown + column.retiredName() + " is not there");
                expect(
                        problems,
                        !columns.contains(column.column().getName()),
                        "the name " + shown + column.column().getName() + " is taken");
            }
        }
        return problems;
    }

    /** Every piece under its old name, in the order opposite to that of the clean-up. */
    List<Query> bringingBack() {
        List<Query> back = new ArrayList<>();
        for (Retirement piece : migration.cleanup()) {
            if (piece instanceof Retirement.Archive archive) {
                back.add(
                        0,
                        DSL.query(
                                "alter table {0} set schema {1}",
                                name(Retirements.ARCHIVE, archive.table().getName()), schema(archive.table())));
            } else if (piece instanceof Retirement.Retire column) {
                back.add(
                        0,
                        DSL.alterTable(table(column))
                                .renameColumn(name(column.retiredName()))
                                .to(column.column().getUnqualifiedName()));
            }
        }
        return back;
    }

    /**
     * Runs queries of the migration as if nothing were retired, at one snapshot: through temporary views of its connection,
     * which lock nothing but themselves. No statement takes longer than a minute: the snapshot holds vacuum up.
     */
    <T> T look(Target target, Function<DSLContext, T> work) {
        return target.inTransaction(tx -> {
            tx.execute("set transaction isolation level repeatable read");
            tx.execute("set local statement_timeout = '1min'");
            List<Name> views = new ArrayList<>();
            RenderMapping mapping = new RenderMapping();
            for (Name schema : schemas()) {
                relations(tx, schema).forEach(relation -> views.add(view(tx, name(schema, name(relation)))));
                mapping.withSchemata(new MappedSchema().withInput(schema.last()).withOutput(OWN));
            }
            archived().forEach(table -> views.add(view(tx, Sql.named(table))));
            Settings settings = SettingsTools.clone(tx.settings()).withRenderMapping(mapping);
            T seen = work.apply(DSL.using(tx.configuration().derive(settings)));
            views.forEach(view -> tx.execute("drop view {0}", view));
            return seen;
        });
    }

    private Name view(DSLContext tx, Name relation) {
        Name view = name(name(OWN), relation.unqualifiedName());
        Name source = archived().stream().anyMatch(table -> Sql.named(table).equals(relation))
                ? name(name(Retirements.ARCHIVE), relation.unqualifiedName())
                : relation;
        List<Field<?>> columns = new ArrayList<>();
        for (String column : columns(tx, source)) {
            columns.add(field(
                    "{0} as {1}", name(column), name(retired(relation, column).orElse(column))));
        }
        tx.execute("create temporary view {0} as select {1} from {2}", view, DSL.list(columns), source);
        return view;
    }

    /** The name that a column had, if it bears the name of a retired one. */
    private Optional<String> retired(Name relation, String column) {
        return migration.cleanup().stream()
                .filter(piece -> piece instanceof Retirement.Retire retire
                        && Sql.named(table(retire)).equals(relation)
                        && retire.retiredName().equals(column))
                .map(piece -> ((Retirement.Retire) piece).column().getName())
                .findFirst();
    }

    private List<Table<?>> archived() {
        List<Table<?>> archived = new ArrayList<>();
        for (Retirement piece : migration.cleanup()) {
            if (piece instanceof Retirement.Archive archive) {
                archived.add(archive.table());
            }
        }
        return archived;
    }

    private List<Name> schemas() {
        return migration.tables().stream()
                .filter(table -> table.getSchema() != null)
                .map(RetiredShape::schema)
                .distinct()
                .toList();
    }

    private static List<String> relations(DSLContext dsl, Name schema) {
        return dsl.resultQuery(
                        "select relname::text from pg_catalog.pg_class where relnamespace = to_regnamespace({0})"
                                + " and relkind in ('r', 'p', 'v', 'm', 'f') order by 1",
                        inline(schema.quotedName().toString()))
                .fetch(0, String.class);
    }

    private static List<String> columns(DSLContext dsl, Name relation) {
        return dsl.resultQuery(
                        "select attname::text from pg_catalog.pg_attribute where attrelid = to_regclass({0})"
                                + " and attnum > 0 and not attisdropped order by attnum",
                        inline(relation.quotedName().toString()))
                .fetch(0, String.class);
    }

    private static boolean there(DSLContext dsl, Name relation) {
        return dsl.select(field(
                        "to_regclass({0}) is not null",
                        Boolean.class, inline(relation.quotedName().toString())))
                .fetchSingle()
                .value1();
    }

    private static void expect(List<String> problems, boolean holds, String problem) {
        if (!holds) {
            problems.add(problem);
        }
    }

    private static Table<?> table(Retirement.Retire piece) {
        return Objects.requireNonNull(piece.column().getTable());
    }

    private static Name schema(Table<?> table) {
        return Objects.requireNonNull(table.getSchema()).getUnqualifiedName();
    }
}
