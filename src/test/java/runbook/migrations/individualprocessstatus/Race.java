package runbook.migrations.individualprocessstatus;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.Role;
import runbook.sample.Change;
import runbook.sample.Oracle;
import runbook.sample.SqlFolder;

/**
 * Batches and writers at process 1, forced into one order of events. What is wrong afterwards is the oracle's word, which
 * replays what was committed.
 */
final class Race implements AutoCloseable {

    private static final long LAST = 1_000;
    private static final String GIVES_WAY = "50ms";

    /** Only for those who ask for it, while the key is held. */
    private static final String STOPS = """
            create function public.stop_here() returns trigger language plpgsql as $$
            begin
                if pg_catalog.current_setting('race.stop', true) = tg_argv[0] then
                    perform pg_catalog.pg_advisory_xact_lock_shared(42);
                end if;
                return new;
            end $$;
            create trigger aa_stop before insert on individual_process_status.individual_process_status_claims
                for each row when (new.claimed_by = 'backfill') execute function public.stop_here('BEFORE_THE_CLAIM');
            create trigger aa_stop before insert on individual_process_status.individual_process_statuses
                for each row when (current_setting('runbook.mirror', true) = 'on')
                execute function public.stop_here('BEFORE_THE_COPY');
            create trigger aa_stop_written after insert on individual_process_status.individual_process_statuses
                for each row execute function public.stop_here('BEFORE_THE_MIRROR_OF_A_STATUS');
            create trigger aa_stop after update on individual_process_status.individual_processes
                for each row execute function public.stop_here('BEFORE_THE_MIRROR_OF_A_CHANGE')""";

    final Racer app;
    final Racer other;
    final Racer owner;
    final Racer batch;
    final Racer zombie;
    private final DevDatabase database;
    private final Connection superuser;
    private final Pattern pattern;
    private final List<Change> committed = new ArrayList<>();
    private final Map<Long, Change> last = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    /** Where somebody can be made to stand still. */
    enum Place {
        /** A batch has read, and has not claimed. */
        BEFORE_THE_CLAIM,
        /** A batch has read, and has claimed if it does that, and has not written. */
        BEFORE_THE_COPY,
        BEFORE_THE_MIRROR_OF_A_STATUS,
        BEFORE_THE_MIRROR_OF_A_CHANGE
    }

    Race(DevDatabase database, Pattern pattern) throws SQLException {
        this.database = database;
        this.pattern = pattern;
        superuser = database.connect(Role.SUPERUSER);
        // Whoever looks for a deadlock first is its victim: the application, unless somebody gives way before.
        superuser("alter role runbook in database " + database.name() + " set deadlock_timeout = '1min'");
        superuser("set search_path = individual_process_status, pg_catalog; set role runbook;" + STOPS + ";"
                + pattern.setup() + "; reset role; select pg_advisory_lock(42)");
        app = new Racer(this, "the application", Role.APP);
        other = new Racer(this, "another of the application", Role.APP);
        owner = new Racer(this, "the owner", Role.RUNBOOK);
        batch = new Racer(this, "the batch", Role.RUNBOOK, "55P03", "23505");
        zombie = new Racer(this, "the zombie", Role.RUNBOOK, "55P03", "23505");
        for (long process = 1; process <= 10; process++) {
            committed(List.of(
                    new Change(0, process, Change.Kind.FOUND, Change.Way.LEGACY, null, "a" + process, null, null)));
        }
    }

    DevDatabase database() {
        return database;
    }

    /** A batch that copies process 1, and waits for as long as it takes: so the race decides, not the time. */
    Write copy() {
        return asBatch(pattern.copy(Write.PROCESS, Write.PROCESS), "0");
    }

    /** The same with as little patience as the engine's batches have. */
    Write copyThatGivesWay(long process) {
        return asBatch(pattern.copy(process, process), GIVES_WAY);
    }

    private static Write asBatch(Write copy, String patience) {
        String settings = "set local runbook.mirror = 'on'; set local lock_timeout = '" + patience + "'";
        return new Write(
                copy.name(),
                connection -> {
                    Session.sql(settings).on(connection);
                    return copy.work().on(connection);
                },
                null);
    }

    /** Process 1 is copied before anything happens. */
    Race copied() throws Exception {
        batch.does(copy()).commits();
        return this;
    }

    /** A faulty batch may claim nothing. */
    Place placeAfterRead() {
        return pattern.batch() == null ? Place.BEFORE_THE_CLAIM : Place.BEFORE_THE_COPY;
    }

    void letGo() throws SQLException {
        superuser("select pg_advisory_unlock(42)");
    }

    /** What is done beside the race, at once. */
    void superuser(String sql) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute(sql);
        }
    }

    void committed(List<Change> changes) {
        for (Change change : changes) {
            Change before = last.get(change.process());
            Change after = new Change(
                    committed.size() + 1,
                    change.process(),
                    change.kind(),
                    change.way(),
                    before == null ? null : before.after(),
                    change.after(),
                    change.actor(),
                    change.notes());
            committed.add(after);
            last.put(change.process(), after);
        }
    }

    void violation(String text) {
        violations.add(text);
    }

    /** A trigger of the application on its own table, as the owner makes it. */
    void trigger(String when, String body) throws SQLException {
        superuser("""
                set role runbook;
                create function public.of_the_application() returns trigger language plpgsql security definer
                set search_path = individual_process_status as $$ begin %s end $$;
                create trigger %s on individual_processes for each row execute function public.of_the_application();
                reset role""".formatted(body, when));
    }

    /** The foreign key that comes after the copy: from now on, and for what is there. */
    void validates() throws SQLException {
        try (Connection connection = database.connect(Role.RUNBOOK)) {
            SqlFolder.run(connection, Statuses.MIGRATION, "constraints", "V04");
            SqlFolder.run(connection, Statuses.MIGRATION, "constraints", "V05");
        } catch (SQLException e) {
            violation("the foreign key was refused: " + e.getSQLState());
        }
    }

    /** Lets the copy come to its end, and asks the oracle. */
    List<String> end() throws Exception {
        try (Racer rest = new Racer(this, "the last batch", Role.RUNBOOK)) {
            // A faulty batch comes by process 1 once only: its fault must show in the race.
            long from = pattern.batch() == null ? 1 : 2;
            rest.does(asBatch(pattern.atTheEnd().copy(from, LAST), "0")).commits();
        }
        try (Connection reader = database.connect(Role.RUNBOOK)) {
            violations.addAll(Oracle.check(reader, committed, 0));
        }
        return violations;
    }

    @Override
    public void close() throws SQLException {
        letGo();
        for (Racer racer : List.of(app, other, owner, batch, zombie)) {
            racer.close();
        }
        superuser.close();
    }
}
