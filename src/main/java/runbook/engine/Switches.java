package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static runbook.generated.engine.Tables.FLAG;
import static runbook.generated.engine.Tables.STOP;
import static runbook.generated.engine.Tables.SWITCHED;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import runbook.generated.engine.Routines;
import runbook.message.Run;
import runbook.spi.Stage;
import runbook.spi.Switch;

/**
 * Flags and views as a run found them and as it left them, kept in the transaction of the flip: the way back puts exactly
 * that back, and touches no view that the run never switched.
 */
public final class Switches {

    /** What ends a stop, for people. */
    public static final String LIFT =
            "To go on: select runbook.lift_stop('why'); then send the signal 'retry', or 'rollback'.";

    private Switches() {}

    /** Flips one stage; refused while somebody has stopped everything in the database. */
    static void flip(DSLContext tx, Run run, Stage stage) {
        refuseStopped(
                tx,
                run.migration() + ": stage '" + stage.name() + "': not switched. ",
                "Flags and views read the old shape. " + LIFT);
        stage.switches().forEach(flipped -> make(tx, run, stage, flipped));
    }

    private static void make(DSLContext tx, Run run, Stage stage, Switch flipped) {
        if (flipped instanceof Switch.Flag flag) {
            set(tx, run, flag.name(), flag.perMille(), "stage " + stage.name());
            keep(tx, run, stage, flag);
        } else if (flipped instanceof Switch.View view) {
            replace(tx, run, stage, view);
        }
    }

    /**
     * Puts what a stage and all after it switched to what the stages before it had made of it: a share to the smaller one,
     * a view to its former query. What no stage before had switched is as the run found it.
     */
    static void stepBack(DSLContext tx, Run run, List<Stage> stages, int first) {
        Routines.aloneWithSwitches(tx.configuration());
        List<Switch> later = new ArrayList<>();
        stages.subList(first, stages.size()).forEach(stage -> later.addAll(stage.switches()));
        for (Switch flipped : later) {
            if (!tx.fetchExists(
                    SWITCHED, row(run, flipped).and(SWITCHED.STAGE.in(names(stages.subList(first, stages.size())))))) {
                continue;
            }
            Optional<Stage> before = stages.subList(0, first).stream()
                    .filter(stage -> same(stage, flipped).isPresent())
                    .reduce((one, next) -> next);
            if (before.isPresent() && reason(tx) == null) {
                same(before.get(), flipped).ifPresent(former -> make(tx, run, before.get(), former));
            } else {
                putBack(tx, run, flipped);
            }
        }
    }

    private static void putBack(DSLContext tx, Run run, Switch flipped) {
        if (flipped instanceof Switch.Flag flag) {
            set(tx, run, flag.name(), 0, "stage back");
        } else if (flipped instanceof Switch.View view) {
            Routines.putViewBack(tx.configuration(), run.id(), Sql.quoted(view.view()));
        }
        // Nobody's from now on, so it has not strayed.
        tx.update(SWITCHED)
                .set(SWITCHED.EPOCH, 0)
                .set(SWITCHED.PUT_BACK_AT, currentOffsetDateTime())
                .where(row(run, flipped))
                .execute();
    }

    static Condition row(Run run, Switch flipped) {
        return SWITCHED.RUN.eq(run.id()).and(SWITCHED.KIND.eq(kind(flipped))).and(SWITCHED.NAME.eq(name(flipped)));
    }

    /** The switch of the same flag or view in another stage. */
    private static Optional<Switch> same(Stage stage, Switch flipped) {
        return stage.switches().stream()
                .filter(other ->
                        kind(other).equals(kind(flipped)) && name(other).equals(name(flipped)))
                .findFirst();
    }

    static String kind(Switch flipped) {
        return flipped instanceof Switch.Flag ? "flag" : "view";
    }

    static String name(Switch flipped) {
        return flipped instanceof Switch.View view ? Sql.quoted(view.view()) : ((Switch.Flag) flipped).name();
    }

    static List<String> names(List<Stage> stages) {
        return stages.stream().map(Stage::name).toList();
    }

    /** Refuses while somebody has stopped everything in the database; who wants to from now on waits for the transaction. */
    static void refuseStopped(DSLContext tx, String where, String cure) {
        Routines.aloneWithSwitches(tx.configuration());
        String reason = reason(tx);
        if (reason != null) {
            throw new RunbookException.Parked(where + stopped(reason) + " " + cure);
        }
    }

    /** Why everything is stopped in the database; {@code null} while nothing is. */
    static @Nullable String reason(DSLContext dsl) {
        return dsl.select(STOP.REASON).from(STOP).fetchOne(STOP.REASON);
    }

    static String stopped(String reason) {
        return "Stopped in the database by runbook.stop: " + reason + ".";
    }

    /** Puts every flag of the stages off, and every view that this run switched as it was found. */
    static void putBack(DSLContext tx, Run run, List<Stage> stages) {
        Routines.aloneWithSwitches(tx.configuration());
        for (Stage stage : stages) {
            for (Switch flipped : stage.switches()) {
                if (flipped instanceof Switch.Flag flag) {
                    set(tx, run, flag.name(), 0, "roll-back");
                }
            }
        }
        tx.selectFrom(SWITCHED)
                .where(SWITCHED.RUN.eq(run.id()))
                .and(SWITCHED.PUT_BACK_AT.isNull())
                .orderBy(SWITCHED.AT.desc())
                .fetch()
                .forEach(made -> {
                    if (made.getKind().equals("view")) {
                        Routines.putViewBack(tx.configuration(), run.id(), made.getName());
                    }
                });
        tx.update(SWITCHED)
                .set(SWITCHED.PUT_BACK_AT, currentOffsetDateTime())
                .where(SWITCHED.RUN.eq(run.id()))
                .and(SWITCHED.PUT_BACK_AT.isNull())
                .execute();
    }

    /** What holds everything up, as the end of a sentence; empty when nothing is stopped. */
    static String endFirst(DSLContext dsl) {
        String reason = reason(dsl);
        return reason == null ? "" : ". " + stopped(reason) + " End that first: select runbook.lift_stop('why')";
    }

    private static void set(DSLContext tx, Run run, String flag, int perMille, String reason) {
        tx.insertInto(FLAG)
                .set(FLAG.NAME, flag)
                .set(FLAG.STAGE, "")
                .set(FLAG.PER_MILLE, perMille)
                .set(FLAG.CHANGED_BY, "run " + run.id())
                .set(FLAG.REASON, reason)
                .onConflict(FLAG.NAME, FLAG.STAGE)
                .doUpdate()
                .set(FLAG.PER_MILLE, perMille)
                .set(FLAG.CHANGED_BY, "run " + run.id())
                .set(FLAG.REASON, reason)
                .set(FLAG.CHANGED_AT, currentOffsetDateTime())
                .execute();
    }

    private static void keep(DSLContext tx, Run run, Stage stage, Switch.Flag flag) {
        String share = String.valueOf(flag.perMille());
        tx.insertInto(SWITCHED)
                .set(SWITCHED.RUN, run.id())
                .set(SWITCHED.KIND, "flag")
                .set(SWITCHED.NAME, flag.name())
                .set(SWITCHED.STAGE, stage.name())
                .set(SWITCHED.MADE, share)
                .set(SWITCHED.EPOCH, run.epoch())
                .onConflict(SWITCHED.RUN, SWITCHED.KIND, SWITCHED.NAME)
                .doUpdate()
                .set(SWITCHED.STAGE, stage.name())
                .set(SWITCHED.MADE, share)
                .set(SWITCHED.EPOCH, run.epoch())
                .set(SWITCHED.AT, currentOffsetDateTime())
                .setNull(SWITCHED.PUT_BACK_AT)
                .execute();
    }

    /** With the options that the view had: without them it would show more than it did. */
    private static void replace(DSLContext tx, Run run, Stage stage, Switch.View view) {
        String name = Sql.quoted(view.view());
        String options = Routines.keepView(tx.configuration(), run.id(), stage.name(), name);
        String columns = columns(tx, name);
        tx.execute(
                "create or replace view {0} {1} as {2}",
                view.view(), DSL.raw(options == null ? "" : "with (" + options + ")"), view.after());
        refuseOther(run, stage, name, columns, columns(tx, name));
        tx.update(SWITCHED)
                .set(SWITCHED.MADE, Routines.switchNow(inline("view"), inline(name)))
                .set(SWITCHED.STAGE, stage.name())
                .set(SWITCHED.EPOCH, run.epoch())
                .where(SWITCHED.RUN.eq(run.id()))
                .and(SWITCHED.KIND.eq("view"))
                .and(SWITCHED.NAME.eq(name))
                .execute();
    }

    private static String columns(DSLContext tx, String view) {
        return tx.select(field(
                        "string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), ', ' order by"
                                + " attnum)",
                        String.class))
                .from("pg_catalog.pg_attribute")
                .where("attrelid = to_regclass({0}) and attnum > 0 and not attisdropped", inline(view))
                .fetchSingle()
                .value1();
    }

    /** PostgreSQL lets a view gain columns; statements that the application has prepared fail from then on. */
    private static void refuseOther(Run run, Stage stage, String view, String found, String after) {
        if (!found.equals(after)) {
            throw new RunbookException.Parked(run.migration() + ": stage '" + stage.name() + "': not switched. " + view
                    + " would have the columns " + after + " instead of " + found
                    + ", and a select * that the application has prepared would fail: cached plan must not change"
                    + " result type. Give the view the columns that it has, then send the signal 'retry', or"
                    + " 'rollback'.");
        }
    }
}
