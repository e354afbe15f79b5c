package runbook.migrations.individualprocessstatus;

import static runbook.migrations.individualprocessstatus.Pattern.mirror;
import static runbook.migrations.individualprocessstatus.Write.change;
import static runbook.migrations.individualprocessstatus.Write.deletion;
import static runbook.migrations.individualprocessstatus.Write.quiet;
import static runbook.migrations.individualprocessstatus.Write.statement;

import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** One writer, and what its statements and its own triggers do to a mirror that is built in another way. */
class MirrorPatternTest extends RaceTable {

    private static final String OTHER_HISTORY = "1 processes have another history than the application's log says";
    private static final String LOST = "1 changes are in no history although the mirrors were there";
    private static final String DIFFER = "1 processes have another status in the legacy field than the active one";

    private static final Interleaving WRITES_ELSEWHERE =
            new Interleaving("a trigger of the application that writes another process", race -> {
                race.trigger(
                        "aa_chain after update",
                        "if new.id = 1 then update individual_processes set status = 'chained' where id = 5; end if;"
                                + " return null;");
                race.app.does(change("b"));
                race.app.does(statement("select 1", 5, "chained")).commits();
            });

    private static final Interleaving WRITES_AGAIN =
            new Interleaving("a trigger of the application that changes the row again", race -> {
                race.trigger(
                        "aa_chain after update",
                        "if new.status = 'b' then update individual_processes set status = 'chained', updated_by = null"
                                + " where id = new.id; end if; return null;");
                race.app
                        .does(statement("update %1$s set status = 'b' where id = 1", 1, "chained"))
                        .commits();
            });

    private static final Interleaving SETS_THE_STATUS =
            new Interleaving("a trigger of the application that sets the status in an update of the title", race -> {
                race.trigger("zzz_upper before update", "new.status := upper(new.title); return new;");
                race.app
                        .does(statement("update %1$s set title = 'x' where id = 1", 1, "X"))
                        .commits();
            });

    private static final Interleaving CANCELS =
            new Interleaving("a trigger of the application that cancels the update", race -> {
                race.trigger("zzz_cancel before update", "return null;");
                race.app
                        .does(quiet("update %1$s set status = 'b' where id = 1"))
                        .commits();
            });

    private static final Interleaving CONFLICTING_INSERT =
            new Interleaving("an insert that meets a conflict and writes nothing", race -> race.app
                    .does(quiet("insert into %1$s (id, status) values (1, 'b') on conflict do nothing"))
                    .commits());

    private static final Interleaving TWICE = new Interleaving("two changes in one transaction", race -> {
        race.app.does(change("b"));
        race.app.does(change("c")).commits();
    });

    private static final Interleaving READ_AT_ONCE =
            new Interleaving("a change, and a look at the new shape in the same transaction", race -> {
                race.owner.does(change("b"));
                race.owner.does(
                        quiet(
                                "do $$ begin if not exists (select from %2$s where individual_process_id = 1"
                                        + " and is_active and status_name = 'b') then raise 'the new shape is behind'; end if; end $$"));
                race.owner.commits();
            });

    private static final Interleaving GONE_AT_ONCE =
            new Interleaving("a change and a deletion in one transaction", race -> {
                race.app.does(change("b"));
                race.app.does(deletion()).commits();
            });

    private static final Interleaving DEACTIVATED =
            new Interleaving("a change after the active status was switched off by hand", race -> {
                race.owner.does(quiet("update %2$s set is_active = false where individual_process_id = 1"));
                race.owner.does(change("b")).commits();
            });

    private static final Interleaving TRUNCATED = new Interleaving("a truncate of the old table", race -> {
        race.copied();
        race.owner.bears("55000").does(quiet("truncate %1$s")).commits();
    });

    @Override
    List<Pattern> batches() {
        return List.of(Pattern.REAL);
    }

    @Override
    List<Interleaving> interleavings() {
        return List.of(
                WRITES_ELSEWHERE,
                WRITES_AGAIN,
                SETS_THE_STATUS,
                CANCELS,
                CONFLICTING_INSERT,
                TWICE,
                READ_AT_ONCE,
                GONE_AT_ONCE,
                DEACTIVATED.afterTheCopy(),
                TRUNCATED);
    }

    @Override
    List<Arguments> faults() {
        return List.of(
                fault(WRITES_ELSEWHERE, mirror("guarded_by_trigger_depth"), LOST),
                fault(TWICE, mirror("guarded_by_set_local"), DIFFER),
                fault(WRITES_AGAIN, mirror("trusts_what_it_was_given"), DIFFER),
                fault(SETS_THE_STATUS, mirror("update_of_status"), LOST),
                fault(CANCELS, mirror("before_the_change"), OTHER_HISTORY),
                fault(CONFLICTING_INSERT, mirror("before_the_insert"), OTHER_HISTORY),
                fault(READ_AT_ONCE, mirror("deferred"), "the new shape is behind"),
                fault(DEACTIVATED.afterTheCopy(), mirror("looks_for_an_active_row"), OTHER_HISTORY),
                fault(TRUNCATED, mirror("without_truncate_trigger"), "1 processes do not exist but have statuses"));
    }
}
