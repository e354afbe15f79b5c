package runbook.migrations.individualprocessstatus;

import static runbook.migrations.individualprocessstatus.Pattern.mirror;
import static runbook.migrations.individualprocessstatus.Race.Place.BEFORE_THE_MIRROR_OF_A_CHANGE;
import static runbook.migrations.individualprocessstatus.Race.Place.BEFORE_THE_MIRROR_OF_A_STATUS;
import static runbook.migrations.individualprocessstatus.Write.addition;
import static runbook.migrations.individualprocessstatus.Write.byHand;
import static runbook.migrations.individualprocessstatus.Write.change;
import static runbook.migrations.individualprocessstatus.Write.deletion;
import static runbook.migrations.individualprocessstatus.Write.quiet;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** One writes the old shape and one the new: each mirror meets the other, before and after the process is copied. */
class MirrorRaceTest extends RaceTable {

    private static final Interleaving ADDITION_TO_A_CHANGE =
            new Interleaving("a status added while a change is not committed", race -> {
                race.app.does(change("b"));
                race.other.begins(addition("c"));
                race.app.commits();
                race.other.ends().commits();
            });

    private static final Interleaving CHANGE_OF_AN_ADDITION =
            new Interleaving("a change while an added status is not committed", race -> {
                race.other.does(addition("c"));
                race.app.begins(change("b"));
                race.other.commits();
                race.app.ends().commits();
            });

    private static final Interleaving ADDITIONS = new Interleaving("two added statuses", race -> {
        race.app.does(addition("b"));
        race.other.begins(addition("c"));
        race.app.commits();
        race.other.ends().commits();
    });

    private static final Interleaving ADDITION_TO_WHAT_IS_TAKEN_BACK =
            new Interleaving("a status added while a change is taken back", race -> {
                race.app.does(change("b"));
                race.other.begins(addition("c"));
                race.app.rollsBack();
                race.other.ends().commits();
            });

    private static final Interleaving BY_HAND_TO_A_CHANGE =
            new Interleaving("a status written by hand while a change is not committed", race -> {
                race.app.does(change("b"));
                race.owner.begins(byHand("c"));
                race.app.commits();
                race.owner.ends().commits();
            });

    private static final Interleaving BEFORE_ITS_MIRROR =
            new Interleaving("a change while a status is written by hand and not mirrored yet", race -> {
                race.owner.stops(BEFORE_THE_MIRROR_OF_A_STATUS, byHand("c"));
                race.app.begins(change("b"));
                race.letGo();
                race.owner.ends().commits();
                race.app.ends().commits();
            });

    private static final Interleaving ADDITION_BEFORE_THE_MIRROR =
            new Interleaving("a status added while a change is not mirrored yet", race -> {
                race.app.stops(BEFORE_THE_MIRROR_OF_A_CHANGE, change("b"));
                race.other.begins(addition("c"));
                race.letGo();
                race.app.ends().commits();
                race.other.ends().commits();
            });

    private static final Interleaving ADDITION_TO_WHAT_GOES =
            new Interleaving("a status added to a process that is being deleted", race -> {
                race.app.does(deletion());
                race.other.bears("P0002").begins(addition("c"));
                race.app.commits();
                race.other.ends().commits();
            });

    private static final Interleaving BY_HAND_TO_WHAT_GOES =
            new Interleaving("a status written by hand for a process that is being deleted", race -> {
                race.app.does(deletion());
                race.owner.bears("23503").begins(byHand("c"));
                race.app.commits();
                race.owner.ends().commits();
            });

    private static final Interleaving DELETION_OF_AN_ADDITION =
            new Interleaving("a deletion while an added status is not committed", race -> {
                race.other.does(addition("c"));
                race.app.begins(deletion());
                race.other.commits();
                race.app.ends().commits();
            });

    private static final Interleaving DEACTIVATION =
            new Interleaving("a status that is changed by hand while a change is not mirrored yet", race -> {
                race.app.stops(BEFORE_THE_MIRROR_OF_A_CHANGE, change("b"));
                race.owner
                        .bears("55P03")
                        .begins(quiet("update %2$s set is_active = false where individual_process_id = 1"));
                race.letGo();
                race.app.ends().commits();
                race.owner.ends().rollsBack();
            });

    @Override
    List<Pattern> batches() {
        return List.of(Pattern.REAL);
    }

    @Override
    List<Interleaving> interleavings() {
        return Stream.of(
                        ADDITION_TO_A_CHANGE,
                        CHANGE_OF_AN_ADDITION,
                        ADDITIONS,
                        ADDITION_TO_WHAT_IS_TAKEN_BACK,
                        BY_HAND_TO_A_CHANGE,
                        BEFORE_ITS_MIRROR,
                        ADDITION_BEFORE_THE_MIRROR,
                        ADDITION_TO_WHAT_GOES,
                        BY_HAND_TO_WHAT_GOES,
                        DELETION_OF_AN_ADDITION,
                        DEACTIVATION)
                .flatMap(race -> Stream.of(race, race.afterTheCopy()))
                .toList();
    }

    @Override
    List<Arguments> faults() {
        return List.of(
                fault(BY_HAND_TO_A_CHANGE.afterTheCopy(), mirror("new_side_unlocked"), "the owner got 23505"),
                fault(BEFORE_ITS_MIRROR.afterTheCopy(), mirror("new_side_unlocked"), "the application got 40P01"),
                fault(DEACTIVATION.afterTheCopy(), mirror("waits_for_the_process"), "the application got 40P01"));
    }
}
