package runbook.migrations.individualprocessstatus;

import static runbook.migrations.individualprocessstatus.Pattern.batch;
import static runbook.migrations.individualprocessstatus.Pattern.mirror;
import static runbook.migrations.individualprocessstatus.Race.Place.BEFORE_THE_COPY;
import static runbook.migrations.individualprocessstatus.Write.change;
import static runbook.migrations.individualprocessstatus.Write.quiet;

import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** A batch that runs again, or wakes up after another has done its work, or is terminated: each process is copied once. */
class ZombieRaceTest extends RaceTable {

    private static final String NOT_ONE_ACTIVE = "1 processes have not exactly one active status";
    private static final String DIFFER = "1 processes have another status in the legacy field than the active one";

    private static final Interleaving REPEATED =
            new Interleaving("a zombie that repeats a batch that is not committed", race -> {
                race.batch.does(race.copy());
                race.zombie.begins(race.copy()).commitsIfDone();
                race.batch.commits();
                race.zombie.ends().commits();
            });

    private static final Interleaving REPEATED_IN_VAIN =
            new Interleaving("a zombie that repeats a batch that is rolled back", race -> {
                race.batch.does(race.copy());
                race.zombie.begins(race.copy()).commitsIfDone();
                race.batch.rollsBack();
                race.zombie.ends().commits();
            });

    private static final Interleaving LATE =
            new Interleaving("a zombie that has read, and wakes up after another has copied", race -> {
                race.zombie.stops(race.placeAfterRead(), race.copy());
                race.batch.does(race.copy()).commits();
                race.letGo();
                race.zombie.ends().commits();
            });

    private static final Interleaving LATE_FOR_A_CHANGE = new Interleaving(
            "a zombie that has read, and wakes up after another has copied and a change was made", race -> {
                race.zombie.stops(race.placeAfterRead(), race.copy());
                race.batch.does(race.copy()).commits();
                race.app.begins(change("b")).commitsIfDone();
                race.letGo();
                race.zombie.ends().commits();
                race.app.ends().commits();
            });

    private static final Interleaving TERMINATED =
            new Interleaving("a batch that is terminated in mid-write while a change waits, and is run again", race -> {
                race.zombie.stops(BEFORE_THE_COPY, race.copy());
                race.app.begins(change("b")).commitsIfDone();
                race.zombie.dies();
                race.app.ends().commits();
                race.batch.does(race.copy()).commits();
            });

    private static final Interleaving CLEANED_UP =
            new Interleaving("a zombie that has read what is then taken away to be copied anew", race -> {
                race.copied();
                race.zombie.stops(race.placeAfterRead(), race.copy());
                race.owner
                        .begins(quiet("select individual_process_status.cleanup_status_records(1)"))
                        .commitsIfDone();
                race.letGo();
                race.zombie.ends().commits();
                race.owner.ends().commits();
                race.app.does(change("b")).commits();
            });

    @Override
    List<Interleaving> interleavings() {
        return List.of(REPEATED, REPEATED_IN_VAIN, LATE, LATE_FOR_A_CHANGE, TERMINATED, CLEANED_UP);
    }

    @Override
    List<Arguments> faults() {
        return List.of(
                fault(REPEATED, mirror("without_arbiter").with("without_conflict_clause"), NOT_ONE_ACTIVE),
                fault(LATE, mirror("without_arbiter").with("without_conflict_clause"), NOT_ONE_ACTIVE),
                fault(LATE_FOR_A_CHANGE, batch("update_on_conflict"), DIFFER));
    }
}
