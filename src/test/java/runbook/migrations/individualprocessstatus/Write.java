package runbook.migrations.individualprocessstatus;

import org.jspecify.annotations.Nullable;
import runbook.sample.Change;

/**
 * One thing that somebody does in a race, most of them to process 1.
 *
 * @param change what the oracle is told of it once it is committed; none where nothing is to be seen of it
 */
record Write(String name, Session.Work work, @Nullable Change change) {

    static final long PROCESS = 1;

    private static final String PROCESSES = "individual_process_status.individual_processes";
    private static final String STATUSES = "individual_process_status.individual_process_statuses";

    /** Through the legacy field. */
    static Write change(String status) {
        return new Write(Statuses.update(PROCESS, status), changed(Change.Kind.UPDATE, Change.Way.LEGACY, status, 1L));
    }

    /** Through the function for it. */
    static Write addition(String status) {
        return new Write(
                Statuses.addStatus(PROCESS, status), changed(Change.Kind.UPDATE, Change.Way.ADD_STATUS, status, 1L));
    }

    /** Through the new table itself, as its owner. */
    static Write byHand(String status) {
        String insert = "insert into " + STATUSES
                + " (individual_process_id, status_name, is_active, changed_by, changed_at)"
                + " values (%d, '%s', true, 1, clock_timestamp())";
        return new Write(
                insert.formatted(PROCESS, status), changed(Change.Kind.UPDATE, Change.Way.ADD_STATUS, status, 1L));
    }

    static Write deletion() {
        return new Write(
                "delete from " + PROCESSES + " where id = " + PROCESS,
                changed(Change.Kind.DELETE, Change.Way.LEGACY, null, null));
    }

    static Write insertion(String status) {
        return new Write(
                "insert into %s (id, status, created_by) values (%d, '%s', 2)".formatted(PROCESSES, PROCESS, status),
                changed(Change.Kind.INSERT, Change.Way.LEGACY, status, 2L));
    }

    /** Something of which the histories should know nothing. */
    static Write quiet(String sql) {
        return new Write(sql.formatted(PROCESSES, STATUSES), null);
    }

    /** A statement by which a process gets this status, by nobody; what names no table is a statement of another. */
    static Write statement(String sql, long process, String status) {
        return new Write(
                sql.formatted(PROCESSES, STATUSES),
                new Change(0, process, Change.Kind.UPDATE, Change.Way.LEGACY, null, status, null, null));
    }

    private Write(String sql, @Nullable Change change) {
        this(sql, Session.sql(sql), change);
    }

    private static Change changed(Change.Kind kind, Change.Way way, @Nullable String status, @Nullable Long actor) {
        return new Change(0, PROCESS, kind, way, null, status, actor, null);
    }
}
