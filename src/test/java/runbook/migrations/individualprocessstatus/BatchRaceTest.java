package runbook.migrations.individualprocessstatus;

import static runbook.migrations.individualprocessstatus.Pattern.batch;
import static runbook.migrations.individualprocessstatus.Pattern.mirror;
import static runbook.migrations.individualprocessstatus.Race.Place.BEFORE_THE_COPY;
import static runbook.migrations.individualprocessstatus.Write.addition;
import static runbook.migrations.individualprocessstatus.Write.byHand;
import static runbook.migrations.individualprocessstatus.Write.change;
import static runbook.migrations.individualprocessstatus.Write.quiet;

import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** A batch and the application at the same process: every order in which the two can meet. */
class BatchRaceTest extends RaceTable {

    private static final String OTHER_HISTORY = "1 processes have another history than the application's log says";
    private static final String LOST = "1 changes are in no history although the mirrors were there";
    private static final String DIFFER = "1 processes have another status in the legacy field than the active one";
    private static final String NOT_ONE_ACTIVE = "1 processes have not exactly one active status";

    private static final Interleaving CHANGE_BEFORE = new Interleaving("a change before the batch comes", race -> {
        race.app.does(change("b")).commits();
        race.batch.does(race.copy()).commits();
    });

    private static final Interleaving CHANGE_AFTER_READ =
            new Interleaving("a change between a batch's read and its write", race -> {
                race.batch.stops(race.placeAfterRead(), race.copy());
                race.app.begins(change("b")).commitsIfDone();
                race.letGo();
                race.batch.ends().commits();
                race.app.ends().commits();
            });

    private static final Interleaving ADDITION_AFTER_READ =
            new Interleaving("a status added between a batch's read and its write", race -> {
                race.batch.stops(race.placeAfterRead(), race.copy());
                race.app.begins(addition("b")).commitsIfDone();
                race.letGo();
                race.batch.ends().commits();
                race.app.ends().commits();
            });

    private static final Interleaving UNCOMMITTED_CHANGE =
            new Interleaving("a change that is not committed when the batch comes", race -> {
                race.app.does(change("b"));
                race.batch.begins(race.copy()).commitsIfDone();
                race.app.commits();
                race.batch.ends().commits();
            });

    private static final Interleaving CHANGE_TAKEN_BACK =
            new Interleaving("a change that is taken back while the batch waits", race -> {
                race.app.does(change("b"));
                race.batch.begins(race.copy()).commitsIfDone();
                race.app.rollsBack();
                race.batch.ends().commits();
            });

    private static final Interleaving CHANGE_OF_A_COPY =
            new Interleaving("a change of what a batch has written and not committed", race -> {
                race.batch.does(race.copy());
                race.app.begins(change("b"));
                race.batch.commits();
                race.app.ends().commits();
            });

    private static final Interleaving ADDITION_TO_A_COPY =
            new Interleaving("a status added to what a batch has written and not committed", race -> {
                race.batch.does(race.copy());
                race.app.begins(addition("b"));
                race.batch.commits();
                race.app.ends().commits();
            });

    private static final Interleaving KILLED =
            new Interleaving("a batch that is killed while a change waits for it", race -> {
                race.batch.does(race.copy());
                race.app.begins(change("b"));
                race.batch.dies();
                race.app.ends().commits();
            });

    private static final Interleaving KILLED_BEFORE_IT_WRITES =
            new Interleaving("a batch that is killed before it writes", race -> {
                race.batch.stops(BEFORE_THE_COPY, race.copy());
                race.batch.dies();
            });

    private static final Interleaving OLD_SNAPSHOT =
            olderThan("repeatable read", Connection.TRANSACTION_REPEATABLE_READ);
    private static final Interleaving SERIALIZABLE = olderThan("serializable", Connection.TRANSACTION_SERIALIZABLE);

    private static final Interleaving CIRCLE = new Interleaving(
            "a batch that holds one process and wants what the application has, which wants that one", race -> {
                race.app.does(Write.statement("update %1$s set status = 'b' where id = 2", 2, "b"));
                race.batch.does(race.copy());
                race.app.begins(Write.deletion());
                race.batch.does(race.copyThatGivesWay(2)).commits();
                race.app.ends().commits();
            });

    private static final Interleaving POOLED =
            new Interleaving("an application that gets the connection of a batch next", race -> {
                race.batch.does(race.copy()).commits();
                race.batch.does(quiet("update %2$s set is_active = false where individual_process_id = 1"));
                race.batch.does(byHand("b")).commits();
            });

    private static Interleaving olderThan(String level, int isolation) {
        String words = "a change by a transaction that is older than the batch, " + level;
        return new Interleaving(words, race -> {
            race.app.bears("40001").session().isolation(isolation);
            race.batch.does(race.copy()).commits();
            race.app.does(change("b"));
            if (race.app.isRefused()) {
                race.app.rollsBack();
                race.app.does(change("b"));
            }
            race.app.commits();
        });
    }

    @Override
    List<Interleaving> interleavings() {
        return List.of(
                CHANGE_BEFORE,
                CHANGE_AFTER_READ,
                ADDITION_AFTER_READ,
                UNCOMMITTED_CHANGE,
                CHANGE_TAKEN_BACK,
                CHANGE_OF_A_COPY,
                ADDITION_TO_A_COPY,
                KILLED,
                KILLED_BEFORE_IT_WRITES,
                OLD_SNAPSHOT,
                SERIALIZABLE,
                CIRCLE,
                POOLED);
    }

    @Override
    List<Arguments> faults() {
        return List.of(
                fault(CHANGE_BEFORE, mirror("nothing_for_the_value_before"), OTHER_HISTORY),
                fault(CHANGE_AFTER_READ, mirror("nothing_for_the_value_before"), OTHER_HISTORY),
                fault(ADDITION_AFTER_READ, mirror("nothing_for_the_value_before"), OTHER_HISTORY),
                fault(CHANGE_AFTER_READ, mirror("only_what_is_there").with("without_claim"), DIFFER, OTHER_HISTORY),
                fault(UNCOMMITTED_CHANGE, mirror("only_what_is_there").with("for_share"), LOST),
                fault(UNCOMMITTED_CHANGE, mirror("only_what_is_there").with("looked_at_again"), DIFFER),
                fault(CHANGE_OF_A_COPY, mirror("swallows_the_conflict").with("without_claim"), DIFFER, OTHER_HISTORY),
                fault(CHANGE_OF_A_COPY, mirror("nothing_on_conflict").with("without_claim"), DIFFER, OTHER_HISTORY),
                fault(CHANGE_OF_A_COPY, mirror("update_on_conflict").with("without_claim"), OTHER_HISTORY),
                fault(OLD_SNAPSHOT, mirror("tries_until_no_conflict").with("without_claim"), "would never end"),
                fault(CHANGE_AFTER_READ, batch("update_on_conflict"), DIFFER, OTHER_HISTORY),
                fault(CHANGE_AFTER_READ, mirror("without_arbiter").with("without_conflict_clause"), NOT_ONE_ACTIVE),
                fault(KILLED_BEFORE_IT_WRITES, batch("claims_ahead"), NOT_ONE_ACTIVE),
                fault(CIRCLE, batch("without_giving_way"), "the application got 40P01"),
                fault(POOLED, batch("setting_of_the_session"), DIFFER));
    }
}
