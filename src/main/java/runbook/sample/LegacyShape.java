package runbook.sample;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The application as it always was: it reads {@code SELECT *} and writes the legacy field. */
class LegacyShape implements Shape {

    static final String SCHEMA = "individual_process_status.";
    static final String PROCESSES = SCHEMA + "individual_processes";

    @Override
    public void perform(Attempt attempt, Action action) throws SQLException {
        long process = action.process();
        switch (action.kind()) {
            case READ -> attempt.read("select * from " + PROCESSES + " where id = ?", "title", process);
            case RETITLE ->
                attempt.write(
                        "update " + PROCESSES + " set title = ?, updated_at = now() where id = ?",
                        "Visa " + process,
                        process);
            case CHANGE -> change(attempt, action);
            case REPEAT -> repeat(attempt, action);
            case INSERT -> insert(attempt, action);
            case REINSERT -> reinsert(attempt, action);
            case DELETE -> delete(attempt, action);
        }
    }

    void change(Attempt attempt, Action action) throws SQLException {
        look(attempt, action.process());
        set(attempt, action);
    }

    /** Saves what a locking read has shown, as a form does that nobody has touched. */
    void repeat(Attempt attempt, Action action) throws SQLException {
        List<@Nullable Object> read = locked(attempt, action.process());
        if (!read.isEmpty()) {
            attempt.found(action.process(), read.get(0));
            String same = (String) read.get(0);
            set(attempt, new Action(action.kind(), action.process(), same, action.actor()));
        }
    }

    void insert(Attempt attempt, Action action) throws SQLException {
        Long client = action.actor() == null ? null : 101 + action.actor();
        List<@Nullable Object> id = attempt.read(
                "insert into " + PROCESSES + " (client_id, title, status, created_by) values (?, ?, ?, ?) returning id",
                "id",
                client,
                "Family reunion",
                action.status(),
                action.actor());
        Action made = new Action(action.kind(), number(id), action.status(), action.actor());
        attempt.made(made.process());
        attempt.changed(Change.Kind.INSERT, Change.Way.LEGACY, made, null);
    }

    void reinsert(Attempt attempt, Action action) throws SQLException {
        int rows = attempt.write(
                "insert into " + PROCESSES
                        + " (id, title, status, created_by) values (?, ?, ?, ?) on conflict do nothing",
                action.process(),
                "Brought back",
                action.status(),
                action.actor());
        if (rows == 1) {
            attempt.changed(Change.Kind.INSERT, Change.Way.LEGACY, action, null);
        }
    }

    void delete(Attempt attempt, Action action) throws SQLException {
        look(attempt, action.process());
        if (attempt.write("delete from " + PROCESSES + " where id = ?", action.process()) == 1) {
            attempt.changed(Change.Kind.DELETE, Change.Way.LEGACY, action, null);
        }
    }

    /** Looks at a process that nobody here has touched before, so that the log knows what was there at first. */
    void look(Attempt attempt, long process) throws SQLException {
        if (attempt.unseen(process)) {
            List<@Nullable Object> read = locked(attempt, process);
            if (!read.isEmpty()) {
                attempt.found(process, read.get(0));
            }
        }
    }

    List<@Nullable Object> locked(Attempt attempt, long process) throws SQLException {
        return attempt.read("select * from " + PROCESSES + " where id = ? for update", "status", process);
    }

    private static void set(Attempt attempt, Action action) throws SQLException {
        int rows = attempt.write(
                "update " + PROCESSES + " set status = ?, updated_by = ?, updated_at = now() where id = ?",
                action.status(),
                action.actor(),
                action.process());
        if (rows == 1) {
            attempt.changed(Change.Kind.UPDATE, Change.Way.LEGACY, action, null);
            expectInList(attempt, action);
        }
    }

    /** The list shows at once what was written, whichever shape it reads: the application has always relied on that. */
    static void expectInList(Attempt attempt, Action action) throws SQLException {
        if (action.process() % 4 != 0) {
            return;
        }
        List<@Nullable Object> shown = attempt.read(
                "select * from " + SCHEMA + "individual_process_list where id = ?", "status", action.process());
        if (!shown.equals(java.util.Collections.singletonList(action.status()))) {
            throw new SQLException("the list shows another status than the one just written", "WRONG");
        }
    }

    static long number(List<@Nullable Object> first) {
        return (Long) java.util.Objects.requireNonNull(first.get(0));
    }
}
