package runbook.engine;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static runbook.generated.engine.Tables.FINGERPRINT;
import static runbook.generated.engine.Tables.FINGERPRINT_OF;
import static runbook.generated.engine.Tables.FLAG;
import static runbook.generated.engine.Tables.SWITCHED;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import runbook.message.Run;
import runbook.spi.Migration;
import runbook.spi.Switch;

/**
 * The old shape as the catalogue defines it, before and after each piece of work of ours, so that the way back can tell
 * what we left from what the application did meanwhile.
 */
final class Fingerprints {

    private static final String FIRST = "schema";
    private static final String LAST = "undo";

    /** What brings objects; each begins where it began first, however often it was tried. */
    private static final List<String> WORKS = List.of(FIRST, "constraints");

    private Fingerprints() {}

    /**
     * What is different from before, and whether by us.
     *
     * @param known whether it was noted before anything was changed; where it was not, nothing of ours has begun
     */
    record Differences(boolean known, List<String> ours, int others) {}

    /** Taken once: a further try must not take what the one before left for something that was always there. */
    static void before(Target target, Run run, Migration migration, String work) {
        String moment = "before " + work;
        target.inTransaction(tx -> {
            Runs.fence(tx, run);
            return tx.fetchExists(FINGERPRINT, FINGERPRINT.RUN.eq(run.id()).and(FINGERPRINT.MOMENT.eq(moment)))
                    ? 0
                    : take(tx, run, migration, moment);
        });
    }

    static void after(Target target, Run run, Migration migration, String work) {
        String moment = "after " + work;
        target.inTransaction(tx -> {
            Runs.fence(tx, run);
            tx.deleteFrom(FINGERPRINT)
                    .where(FINGERPRINT.RUN.eq(run.id()))
                    .and(FINGERPRINT.MOMENT.eq(moment))
                    .execute();
            return take(tx, run, migration, moment);
        });
    }

    /** The views and functions that our scripts brought, as "view s.v" and "function s.f"; all that came since, meanwhile. */
    static Set<String> brought(DSLContext dsl, Run run, Migration migration) {
        Set<String> before = at(dsl, run, "before " + FIRST).keySet();
        Set<String> after = at(dsl, run, "after " + FIRST).keySet();
        if (before.isEmpty()) {
            return Set.of();
        }
        if (after.isEmpty()) {
            var shape = FINGERPRINT_OF.call(Extent.schemas(migration));
            after = dsl.select(shape.OBJECT).from(shape).fetchSet(shape.OBJECT);
        }
        return after.stream()
                .filter(object -> !before.contains(object) && object.matches("(function|(materialized )?view) .*"))
                .map(object -> object.replaceFirst("\\(.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The shape after the way back against the one before the schema phase. */
    static Differences differences(DSLContext dsl, Run run, Migration migration) {
        return differences(dsl, run, run, migration);
    }

    /** The same where one run took the shape away and another one brought it back. */
    static Differences differences(DSLContext dsl, Run run, Run back, Migration migration) {
        List<String> ours = new ArrayList<>();
        flags(dsl, migration).forEach(flag -> ours.add("still on: flag " + flag));
        Map<String, String> before = at(dsl, run, "before " + FIRST);
        if (before.isEmpty()) {
            return new Differences(false, ours, 0);
        }
        Map<String, String> now = at(dsl, back, "after " + LAST);
        Set<String> touched = touched(dsl, run, back);
        int others = 0;
        Set<String> all = new TreeSet<>(before.keySet());
        all.addAll(now.keySet());
        for (String object : all) {
            String was = before.get(object);
            String is = now.get(object);
            if (Objects.equals(was, is)) {
                continue;
            }
            if (touched.contains(object)) {
                ours.add((was == null ? "still there: " : is == null ? "missing: " : "changed: ") + object);
            } else {
                others++;
            }
        }
        return new Differences(true, ours, others);
    }

    /** What changed while our scripts ran, and the views that we switched. */
    private static Set<String> touched(DSLContext dsl, Run run, Run back) {
        Map<String, String> undoing = at(dsl, back, "before " + LAST);
        Set<String> touched = different(undoing, at(dsl, back, "after " + LAST));
        for (String work : WORKS) {
            Map<String, String> began = at(dsl, run, "before " + work);
            Map<String, String> ended = at(dsl, run, "after " + work);
            if (!began.isEmpty()) {
                touched.addAll(different(began, ended.isEmpty() ? undoing : ended));
            }
        }
        dsl.select(SWITCHED.NAME)
                .from(SWITCHED)
                .where(SWITCHED.RUN.eq(run.id()).and(SWITCHED.KIND.eq("view")))
                .forEach(view -> touched.add("view " + view.value1().replace("\"", "")));
        return touched;
    }

    private static Set<String> different(Map<String, String> one, Map<String, String> other) {
        Set<String> different = new HashSet<>(one.keySet());
        different.addAll(other.keySet());
        different.removeIf(object -> Objects.equals(one.get(object), other.get(object)));
        return different;
    }

    private static int take(DSLContext tx, Run run, Migration migration, String moment) {
        var shape = FINGERPRINT_OF.call(Extent.schemas(migration));
        return tx.insertInto(FINGERPRINT, FINGERPRINT.RUN, FINGERPRINT.MOMENT, FINGERPRINT.OBJECT, FINGERPRINT.DIGEST)
                .select(select(inline(run.id()), inline(moment), shape.OBJECT, shape.DIGEST)
                        .from(shape))
                .execute();
    }

    private static Map<String, String> at(DSLContext dsl, Run run, String moment) {
        return new TreeMap<>(dsl.select(FINGERPRINT.OBJECT, FINGERPRINT.DIGEST)
                .from(FINGERPRINT)
                .where(FINGERPRINT.RUN.eq(run.id()))
                .and(FINGERPRINT.MOMENT.eq(moment))
                .fetchMap(FINGERPRINT.OBJECT, FINGERPRINT.DIGEST));
    }

    private static List<String> flags(DSLContext dsl, Migration migration) {
        List<String> names = Extent.switches(migration)
                .filter(Switch.Flag.class::isInstance)
                .map(flag -> ((Switch.Flag) flag).name())
                .toList();
        return dsl.select(FLAG.NAME)
                .from(FLAG)
                .where(FLAG.NAME.in(names))
                .and(FLAG.PER_MILLE.gt(0))
                .orderBy(FLAG.NAME)
                .fetch(FLAG.NAME);
    }
}
