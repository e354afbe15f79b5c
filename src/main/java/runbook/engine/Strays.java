package runbook.engine;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static runbook.generated.engine.Tables.SWITCHED;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import runbook.generated.engine.Routines;
import runbook.message.Run;
import runbook.spi.Stage;
import runbook.spi.Switch;

/** Which flags and views are not as the run made them, or not as the whole cutover makes them. */
final class Strays {

    private Strays() {}

    /** Those that somebody changed since the run did; empty when nobody has. What the run itself put back is nobody's. */
    static List<String> found(DSLContext dsl, Run run) {
        return found(dsl, run, noCondition());
    }

    /** The same for some of them. */
    static List<String> found(DSLContext dsl, Run run, Condition which) {
        Field<String> now = Routines.switchNow(SWITCHED.KIND, SWITCHED.NAME);
        return dsl.select(SWITCHED.KIND, SWITCHED.NAME, SWITCHED.MADE, now)
                .from(SWITCHED)
                .where(SWITCHED.RUN.eq(run.id()))
                .and(SWITCHED.EPOCH.eq(run.epoch()))
                .and(which)
                .and(SWITCHED.MADE.isDistinctFrom(now))
                .orderBy(SWITCHED.AT)
                .fetch(row -> said(row.value1(), row.value2(), row.value3(), row.value4()));
    }

    /**
     * Those that are not as the last stage that switches them makes them, whoever put them back: a person, a stop, or the run
     * with their stage. Once the cutover is over there may be none: nobody would use the new shape, and the old one goes.
     */
    static List<String> missing(DSLContext dsl, Run run, List<Stage> stages) {
        Map<String, String> missing = new LinkedHashMap<>();
        for (Stage stage : stages) {
            List<String> since = since(stages, stage);
            stage.switches().stream()
                    .filter(flipped -> !stands(dsl, run, since, flipped))
                    .forEach(flipped ->
                            missing.put(Switches.kind(flipped) + " " + Switches.name(flipped), missing(dsl, flipped)));
        }
        return List.copyOf(missing.values());
    }

    /**
     * Whether everything that a stage switches is as this owner made it, in that stage or in a later one: the answer of its
     * flip may have been lost.
     */
    static boolean stand(DSLContext dsl, Run run, List<Stage> stages, Stage stage) {
        List<String> since = since(stages, stage);
        return stage.switches().stream().allMatch(flipped -> stands(dsl, run, since, flipped));
    }

    private static boolean stands(DSLContext dsl, Run run, List<String> stages, Switch flipped) {
        return dsl.fetchExists(
                SWITCHED,
                Switches.row(run, flipped)
                        .and(SWITCHED.EPOCH.eq(run.epoch()))
                        .and(SWITCHED.STAGE.in(stages))
                        .and(SWITCHED.MADE.eq(Routines.switchNow(SWITCHED.KIND, SWITCHED.NAME))));
    }

    private static List<String> since(List<Stage> stages, Stage stage) {
        return Switches.names(stages.subList(stages.indexOf(stage), stages.size()));
    }

    /** What is to be known and done about them. */
    static String words(DSLContext dsl, List<String> strayed) {
        return String.join(", ", strayed) + (strayed.size() == 1 ? " is" : " are") + " not as this run left "
                + (strayed.size() == 1 ? "it" : "them") + Switches.endFirst(dsl);
    }

    private static String missing(DSLContext dsl, Switch flipped) {
        String kind = Switches.kind(flipped);
        String name = Switches.name(flipped);
        String now = dsl.fetchSingle(select(Routines.switchNow(inline(kind), inline(name))))
                .value1();
        return said(kind, name, flipped instanceof Switch.Flag flag ? String.valueOf(flag.perMille()) : "", now);
    }

    private static String said(String kind, String name, String made, @Nullable String now) {
        return kind + " " + name
                + (kind.equals("flag")
                        ? " (" + (now == null ? "gone" : now) + " instead of " + made + " per mille)"
                        : "");
    }
}
