package runbook.migrations.individualprocessstatus;

import static runbook.migrations.individualprocessstatus.Pattern.mirror;
import static runbook.migrations.individualprocessstatus.Write.addition;
import static runbook.migrations.individualprocessstatus.Write.byHand;
import static runbook.migrations.individualprocessstatus.Write.change;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Statuses stand in the order in which the process was locked for them, whoever began or called first. */
class HistoryOrderTest extends RaceTable {

    private static final String NOT_LATEST = "1 processes have an active status that is not their latest";
    private static final String OTHER_HISTORY = "1 processes have another history than the application's log says";

    private static final Interleaving BEGUN_FIRST = new Interleaving("whoever began first changes last", race -> {
        race.app.session().run("select now()");
        race.other.does(change("b")).commits();
        race.app.does(change("c")).commits();
    });

    private static final Interleaving CALLED_FIRST =
            new Interleaving("a status written by hand that waits while the other changes again", race -> {
                race.app.does(change("b"));
                race.owner.begins(byHand("c"));
                race.app.does(change("d")).commits();
                race.owner.ends().commits();
            });

    private static final Interleaving ADDED_FIRST =
            new Interleaving("an added status that waits while the other changes again", race -> {
                race.app.does(change("b"));
                race.other.begins(addition("c"));
                race.app.does(change("d")).commits();
                race.other.ends().commits();
            });

    @Override
    List<Pattern> batches() {
        return List.of(Pattern.REAL);
    }

    @Override
    List<Interleaving> interleavings() {
        return Stream.of(BEGUN_FIRST, CALLED_FIRST, ADDED_FIRST)
                .flatMap(race -> Stream.of(race, race.afterTheCopy()))
                .toList();
    }

    @Override
    List<Arguments> faults() {
        return List.of(
                fault(BEGUN_FIRST.afterTheCopy(), mirror("ordered_by_now"), NOT_LATEST, OTHER_HISTORY),
                fault(CALLED_FIRST.afterTheCopy(), mirror("drawn_before_the_lock"), NOT_LATEST, OTHER_HISTORY));
    }
}
