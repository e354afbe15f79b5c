package runbook.engine.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Name;
import org.jooq.Query;
import org.jooq.QueryPart;
import org.jooq.SQL;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The statements that make tables again from what a manifest holds. */
final class Ddl {

    private static final SQL NOTHING = DSL.sql("");

    private final Map<String, Sequence> identities;

    Ddl(List<Sequence> sequences) {
        this.identities = sequences.stream()
                .filter(sequence -> sequence.identity() && sequence.table() != null)
                .collect(Collectors.toMap(sequence -> sequence.table() + "/" + sequence.column(), Function.identity()));
    }

    /** The table as it was, empty, without what {@link #finish} adds. */
    Query create(Shape shape) {
        String words = shape.unlogged() ? "create unlogged table {0} ({1})" : "create table {0} ({1})";
        return DSL.query(words, shape.name().quoted(), columns(shape, true));
    }

    /** The same for a scratch database. */
    Query createPassing(Shape shape) {
        return createPassing(shape.name().quoted(), columns(shape, true));
    }

    /**
     * A table that does not live long: it leaves no WAL that replicas and archives would have to carry, and no autovacuum
     * begins on it that would hold up its end.
     */
    static Query createPassing(Name table, QueryPart columns) {
        return DSL.query(
                "create unlogged table {0} ({1}) with (autovacuum_enabled = off, toast.autovacuum_enabled = off)",
                table, columns);
    }

    /** A table of another name to look at: it draws from no sequence and has no defaults. */
    Query createAside(TableName name, Shape shape) {
        return DSL.query("create table {0} ({1})", name.quoted(), columns(shape, false));
    }

    private QueryPart columns(Shape shape, boolean defaults) {
        List<QueryPart> columns = new ArrayList<>();
        for (Column column : shape.columns()) {
            columns.add(DSL.sql(
                    "{0} {1}{2}{3}{4}",
                    column.quoted(),
                    DSL.raw(column.type()),
                    column.collation() == null ? NOTHING : DSL.sql(" collate {0}", DSL.raw(column.collation())),
                    column.notNull() ? DSL.sql(" not null") : NOTHING,
                    value(shape, column, defaults)));
        }
        return DSL.list(columns);
    }

    /** Keys, constraints and indexes: quicker, and checked, once the rows are in. */
    static List<Query> finish(TableName name, Shape shape) {
        List<Query> queries = new ArrayList<>();
        for (Constraint constraint : shape.constraints()) {
            queries.add(add(name, constraint));
        }
        for (Index index : shape.indexes()) {
            queries.add(DSL.query(
                    index.unique() ? "create unique index {0} on {1} {2}" : "create index {0} on {1} {2}",
                    DSL.name(index.name()),
                    name.quoted(),
                    DSL.raw(index.definition())));
        }
        return queries;
    }

    static Query add(TableName table, Constraint constraint) {
        return DSL.query(
                "alter table {0} add constraint {1} {2}",
                table.quoted(), DSL.name(constraint.name()), DSL.raw(constraint.definition()));
    }

    /** A sequence that no identity column makes. */
    static Query create(Sequence sequence) {
        return DSL.query(
                "create sequence if not exists {0} as {1} {2}",
                sequence.name().quoted(), DSL.raw(sequence.type()), options(sequence));
    }

    /** Ties a sequence to its column again. */
    static Query own(Sequence sequence) {
        TableName table = Objects.requireNonNull(sequence.table());
        return DSL.query(
                "alter sequence {0} owned by {1}",
                sequence.name().quoted(),
                DSL.name(table.schema(), table.name(), Objects.requireNonNull(sequence.column())));
    }

    /** Puts the sequence where it stood; one that has gone on is left alone, since its numbers are in use. */
    static Query stand(Sequence sequence) {
        String behind = sequence.increment() > 0
                ? "(last_value, is_called) < ({1}, {2})"
                : "(last_value, not is_called) > ({1}, not {2})";
        return DSL.query(
                "select pg_catalog.setval({0}::regclass, {1}, {2}) from {3} where " + behind,
                DSL.inline(sequence.name().asText()),
                DSL.inline(sequence.last()),
                DSL.inline(sequence.called()),
                sequence.name().quoted());
    }

    private SQL value(Shape shape, Column column, boolean defaults) {
        @Nullable String expression = column.expression();
        if (!column.saved()) {
            return DSL.sql(" generated always as ({0}) {1}", DSL.raw(expression), DSL.raw(column.generated()));
        }
        if (!defaults) {
            return NOTHING;
        }
        if (!column.identity().isEmpty()) {
            Sequence sequence = identities.get(shape.name() + "/" + column.name());
            return DSL.sql(
                    " generated {0} as identity{1}",
                    DSL.raw(column.identity()),
                    sequence == null
                            ? NOTHING
                            : DSL.sql(
                                    " (sequence name {0} {1})", sequence.name().quoted(), options(sequence)));
        }
        return expression == null ? NOTHING : DSL.sql(" default {0}", DSL.raw(expression));
    }

    private static SQL options(Sequence sequence) {
        return DSL.sql(
                "increment by {0} minvalue {1} maxvalue {2} start with {3} cache {4} {5}",
                DSL.inline(sequence.increment()),
                DSL.inline(sequence.min()),
                DSL.inline(sequence.max()),
                DSL.inline(sequence.start()),
                DSL.inline(sequence.cache()),
                DSL.raw(sequence.cycle() ? "cycle" : "no cycle"));
    }
}
