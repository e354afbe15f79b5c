package runbook.migrations.individualprocessstatus;

import static runbook.migrations.individualprocessstatus.Pattern.batch;
import static runbook.migrations.individualprocessstatus.Pattern.mirror;
import static runbook.migrations.individualprocessstatus.Write.deletion;
import static runbook.migrations.individualprocessstatus.Write.insertion;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** A process that is deleted under a batch leaves no status behind: the foreign key, which comes later, is not refused. */
class OrphanRaceTest extends RaceTable {

    private static final String ORPHANS = "1 processes do not exist but have statuses";
    private static final String KEY_REFUSED = "the foreign key was refused: 23503";

    private static final Interleaving DELETION_AFTER_READ =
            new Interleaving("a deletion between a batch's read and its write", OrphanRaceTest::afterRead);

    private static final Interleaving UNDER_THE_KEY =
            new Interleaving("the same where the foreign key stands already", race -> {
                race.validates();
                afterRead(race);
            });

    private static final Interleaving DELETION_OF_A_COPY =
            new Interleaving("a deletion of what a batch has written and not committed", race -> {
                race.batch.does(race.copy());
                race.app.begins(deletion());
                race.batch.commits();
                race.app.ends().commits();
            });

    private static final Interleaving UNCOMMITTED_DELETION =
            new Interleaving("a deletion that is not committed when the batch comes", race -> {
                race.app.does(deletion());
                race.batch.begins(race.copy()).commitsIfDone();
                race.app.commits();
                race.batch.ends().commits();
            });

    private static final Interleaving DELETION_TAKEN_BACK =
            new Interleaving("a deletion that is taken back while the batch waits", race -> {
                race.app.does(deletion());
                race.batch.begins(race.copy()).commitsIfDone();
                race.app.rollsBack();
                race.batch.ends().commits();
            });

    private static final Interleaving BROUGHT_BACK =
            new Interleaving("a process that is deleted and brought back while the batch waits", race -> {
                race.app.does(deletion());
                race.app.does(insertion("b"));
                race.batch.begins(race.copy()).commitsIfDone();
                race.app.commits();
                race.batch.ends().commits();
            });

    private static final Interleaving BROUGHT_BACK_AFTER_READ = new Interleaving(
            "a process that is deleted between a batch's read and its write, and brought back", race -> {
                afterRead(race);
                race.app.does(insertion("b")).commits();
            });

    private static void afterRead(Race race) throws Exception {
        race.batch.stops(race.placeAfterRead(), race.copy());
        race.app.begins(deletion()).commitsIfDone();
        race.letGo();
        race.batch.ends().commits();
        race.app.ends().commits();
    }

    @Override
    List<Interleaving> interleavings() {
        return Stream.concat(
                        Stream.of(
                                        DELETION_AFTER_READ,
                                        DELETION_OF_A_COPY,
                                        UNCOMMITTED_DELETION,
                                        DELETION_TAKEN_BACK,
                                        BROUGHT_BACK,
                                        BROUGHT_BACK_AFTER_READ)
                                .map(Interleaving::thenValidated),
                        Stream.of(UNDER_THE_KEY))
                .toList();
    }

    @Override
    List<Arguments> faults() {
        return List.of(
                fault(DELETION_AFTER_READ.thenValidated(), batch("without_claim"), ORPHANS, KEY_REFUSED),
                fault(
                        DELETION_AFTER_READ.thenValidated(),
                        mirror("claim_goes_with_the_process").with("unlocked"),
                        ORPHANS,
                        KEY_REFUSED),
                fault(UNDER_THE_KEY, batch("without_claim"), "the batch got 23503"));
    }
}
