package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.PhaseRequest;
import runbook.spi.Update;

/**
 * No trigger of the application changes a column that an update in place does not name. What a trigger does cannot be
 * read from its text, so a few units of a range are changed, looked at and taken back before its first batch.
 */
final class TriggerGuard {

    private static final int FEW = 3;

    /** Enabled for the sessions of an application, for each row, before or after an update (src/include/catalog/pg_trigger.h). */
    private static final String TRIGGERS = """
            select string_agg(quote_ident(tgname), ', ' order by tgname) from pg_catalog.pg_trigger
            where tgrelid = {0} and not tgisinternal and tgenabled in ('O', 'A') and tgtype & 1 <> 0 and tgtype & 16 <> 0""";

    private static final String GENERATED = """
            select coalesce(array_agg(attname::text), '{}') from pg_catalog.pg_attribute
            where attrelid = {0} and attgenerated <> ''""";

    private static final String PASS_BY =
            "let the trigger pass by: WHEN (current_setting('runbook.mirror', true) IS DISTINCT FROM 'on')";

    private final Target target;
    private final PhaseRequest request;
    private final Update update;

    TriggerGuard(Target target, PhaseRequest request, Update update) {
        this.target = target;
        this.request = request;
        this.update = update;
    }

    /**
     * Tries some units of a range.
     *
     * @throws RunbookException.Parked when a column would change that the update neither sets nor declares
     */
    void look(RangeRecord range, String settings) {
        String triggers = triggers(target, update);
        if (triggers == null) {
            return;
        }
        Set<String> expected = new HashSet<>();
        update.set().keySet().forEach(column -> expected.add(column.getName()));
        update.touched().forEach(column -> expected.add(column.getName()));
        expected.addAll(List.of(
                target.dsl().fetchSingle(GENERATED, Sql.oid(update.target())).get(0, String[].class)));
        Set<String> changed = new TreeSet<>(tried(Ranges.rest(update.unit(), range), settings));
        changed.removeAll(expected);
        if (!changed.isEmpty()) {
            park(triggers, changed);
        }
    }

    /** The columns that change; none when a value is refused: the batch will meet it too, and knows what to do then. */
    private Set<String> tried(Condition range, String settings) {
        try {
            return target.inTransaction(tx -> {
                tx.execute(settings);
                Map<List<String>, JsonNode> before = rows(tx, range.and(new UpdateBatch(update).open()), FEW);
                Condition units = Sql.among(update.unit(), before.keySet());
                tx.execute("savepoint tried");
                Batch.of(update).run(tx, units, Batch.BACKFILL, Batch.Lock.WAIT);
                Map<List<String>, JsonNode> after = rows(tx, units, FEW);
                tx.execute("rollback to savepoint tried");
                Set<String> changed = new HashSet<>();
                before.forEach((key, row) -> changed.addAll(differing(row, after.get(key))));
                return changed;
            });
        } catch (UpdateBatch.Overtaken e) {
            throw kept(target, where(), update);
        } catch (DataAccessException e) {
            if (!Sql.ofTheData(e)) {
                throw e;
            }
            return Set.of();
        }
    }

    /** Nobody else held the units, and yet they were not written: {@code BEFORE} triggers can do that, by NULL. */
    static RunbookException kept(Target target, String where, Update update) {
        String triggers = triggers(target, update);
        return new RunbookException.Parked(where + ": units that nobody else holds were not written. A trigger on "
                + Sql.shown(update.target()) + (triggers == null ? "" : " (" + triggers + ")")
                + " that returns NULL does that. Nothing of this batch was written, and everything before it is copied."
                + " For the copy, " + PASS_BY + ", or leave such units out by an exclusion. Then send 'retry', or"
                + " 'rollback'.");
    }

    private static @Nullable String triggers(Target target, Update update) {
        return target.dsl().fetchSingle(TRIGGERS, Sql.oid(update.target())).get(0, String.class);
    }

    private String where() {
        return request.run().migration() + ": backfill '" + update.name() + "'";
    }

    private Map<List<String>, JsonNode> rows(DSLContext tx, Condition which, int most) {
        List<Field<?>> columns = new ArrayList<>(Sql.texts(update.unit()));
        columns.add(field("to_jsonb({0})", JSONB.class, name(update.target().getName()))
                .as("whole"));
        Map<List<String>, JsonNode> rows = new HashMap<>();
        tx.select(columns)
                .from(update.target())
                .where(which)
                .limit(inline(most))
                .forNoKeyUpdate()
                .skipLocked()
                .forEach(row -> rows.put(
                        Sql.keyOf(row.into(Sql.texts(update.unit()).toArray(Field[]::new))),
                        Json.tree(row.get("whole", JSONB.class).data())));
        return rows;
    }

    private static Set<String> differing(JsonNode before, @Nullable JsonNode after) {
        Set<String> columns = new HashSet<>();
        before.fieldNames().forEachRemaining(column -> {
            if (after == null || !before.get(column).equals(after.get(column))) {
                columns.add(column);
            }
        });
        return columns;
    }

    private void park(String triggers, Set<String> columns) {
        throw new RunbookException.Parked(where() + ": a trigger on " + Sql.shown(update.target()) + " (" + triggers
                + ") also changes " + String.join(", ", columns)
                + " of the rows that the copy writes. Nothing of this range was copied. Where that is wanted, declare it"
                + " with Update.touching; else " + PASS_BY + ". Then send 'retry', or 'rollback'.");
    }
}
