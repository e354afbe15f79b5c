package runbook.migrations.individualprocessstatus;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import runbook.cli.dev.Role;
import runbook.sample.Change;

/** One of those who meet in a race: a session, what it has not committed yet, and which refusals it can live with. */
final class Racer implements AutoCloseable {

    private final Race race;
    private final String name;
    private final Role role;
    private final List<Change> uncommitted = new ArrayList<>();
    private Set<String> bears;
    private boolean failed;
    private @Nullable Session session;
    private @Nullable Write begun;

    /** @param bears the SQLSTATEs after which it would try again */
    Racer(Race race, String name, Role role, String... bears) {
        this.race = race;
        this.name = name;
        this.role = role;
        this.bears = Set.of(bears);
    }

    /** Who does not run needs none. */
    Session session() throws SQLException {
        Session open = session;
        if (open == null) {
            open = new Session(race.database(), role);
            session = open;
        }
        return open;
    }

    Racer bears(String... states) {
        bears = Set.of(states);
        return this;
    }

    /** Does something to its end. */
    Racer does(Write write) throws Exception {
        return begins(write).ends();
    }

    /** Begins something, and comes back when it is done or waits for somebody. */
    Racer begins(Write write) throws Exception {
        begun = write;
        session().begin(write.name(), write.work());
        return this;
    }

    /** Begins something and stands still at a place in it until the race lets everybody go. */
    Racer stops(Race.Place place, Write write) throws Exception {
        session().run("set race.stop = '" + place + "'");
        if (session().begin(write.name(), write.work())) {
            throw new AssertionError(name + " did not come by " + place + ": " + write.name());
        }
        begun = write;
        return this;
    }

    /** Waits for the end of what it has begun, if that has not been seen yet. */
    Racer ends() throws Exception {
        Write ending = begun;
        begun = null;
        try {
            if (ending != null) {
                session().ends();
                Change change = ending.change();
                uncommitted.addAll(change == null ? List.of() : List.of(change));
            }
        } catch (SQLException e) {
            refused(e);
        }
        return this;
    }

    /** Commits if what it has begun is done by now, and does not wait for anybody. */
    void commitsIfDone() throws Exception {
        if (session().isDone()) {
            ends().commits();
        }
    }

    void commits() throws SQLException {
        if (!failed) {
            try {
                session().commit();
                race.committed(uncommitted);
                uncommitted.clear();
                return;
            } catch (SQLException e) {
                refused(e);
            }
        }
        rollsBack();
    }

    void rollsBack() throws SQLException {
        session().rollback();
        uncommitted.clear();
        failed = false;
    }

    /** Whether the statement before was refused; its transaction is over then. */
    boolean isRefused() {
        return failed;
    }

    /** Its process in the database ends, whatever it is at. */
    void dies() throws Exception {
        race.superuser("select pg_terminate_backend(" + session().pid() + ", 5000)");
        begun = null;
    }

    private void refused(SQLException error) {
        if (!failed && !bears.contains(error.getSQLState())) {
            race.violation(name + " got " + error.getSQLState() + " " + error.getMessage());
        }
        failed = true;
    }

    @Override
    public void close() throws SQLException {
        if (session != null) {
            session.close();
        }
    }
}
