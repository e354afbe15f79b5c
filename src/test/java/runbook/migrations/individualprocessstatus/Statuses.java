package runbook.migrations.individualprocessstatus;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import runbook.TestPostgres;
import runbook.sample.SqlFolder;

/** Databases in which nothing is copied yet and the mirrors stand, and the words to speak of them. */
final class Statuses {

    static final String MIGRATION = "individual_process_status";

    /** Ten processes of client 3 with statuses a1 to a10, users 1 (admin), 2 (staff), 3 and 4 (clients). */
    private static final String ROWS = """
            insert into individual_process_status.users (id, name, role)
            values (1, 'Ana', 'admin'), (2, 'Bruno', 'staff'), (3, 'Eva', 'client'), (4, 'Gil', 'client');
            insert into individual_process_status.individual_processes
                (id, client_id, title, status, created_by, created_at)
            select i, 3, 'Visa ' || i, 'a' || i, 2, timestamptz '2020-01-01 00:00+00' + i * interval '1 day'
            from generate_series(1, 10) i;
            select setval(pg_get_serial_sequence('individual_process_status.individual_processes', 'id'), 100);
            insert into runbook.flag (name, stage, per_mille, changed_by, reason)
            values ('new_status_system', '', 1000, 'test', 'test');
            """;

    /** The statement of a batch as the engine sends it; the answer is the number of processes copied. */
    static final String BATCH = """
            with source (c0, c1, c2, c3, c4, c5, c6) as materialized (
                select p.id, p.id, p.status, true, 'Migrated from legacy status field', u.id, p.created_at
                from individual_process_status.individual_processes p
                left join individual_process_status.users u on u.id = p.created_by
                order by p.id for key share of p),
            claimed (c0) as (
                insert into individual_process_status.individual_process_status_claims (individual_process_id, claimed_by)
                select c0, 'backfill' from source on conflict do nothing returning individual_process_id),
            copied (one) as (
                insert into individual_process_status.individual_process_statuses
                    (individual_process_id, status_name, is_active, notes, changed_by, changed_at)
                select source.c1, source.c2, source.c3, source.c4, source.c5, source.c6
                from source join claimed on source.c0 = claimed.c0 returning 1)
            select count(*) from copied""";

    private Statuses() {}

    static TestPostgres mirrored() {
        return TestPostgres.prepared("individual_process_status_mirrored", owner -> {
            legacy(owner);
            SqlFolder.run(owner, MIGRATION, "schema");
        });
    }

    static TestPostgres unmirrored() {
        return TestPostgres.prepared("individual_process_status_rows", Statuses::legacy);
    }

    private static void legacy(Connection owner) throws SQLException {
        SqlFolder.runLegacy(owner, MIGRATION);
        try (Statement statement = owner.createStatement()) {
            statement.execute(ROWS);
        }
    }

    /** One process's batch: begun with its own settings, so that nothing repeats what it writes. */
    static String batchOf(long process, String lockTimeout) {
        return "set local runbook.mirror = 'on'; set local lock_timeout = '" + lockTimeout + "'; "
                + BATCH.replace("order by p.id", "where p.id = " + process + " order by p.id");
    }

    /** Every status of a process in order: its name, how it came, a star on the active one. */
    static String history(long process) {
        return """
                select coalesce(status_name, 'null') || ' ' || case notes
                    when 'Migrated from legacy status field' then 'migrated'
                    when 'Changed through the legacy status field' then 'mirrored'
                    else coalesce(notes, 'added') end || ' by ' || coalesce(changed_by::text, 'nobody')
                    || case when is_active then ' *' else '' end
                from individual_process_status.individual_process_statuses
                where individual_process_id = %d order by position""".formatted(process);
    }

    static String update(long process, String status) {
        return "update individual_process_status.individual_processes set status = '%s', updated_by = 1 where id = %d"
                .formatted(status, process);
    }

    static String addStatus(long process, String status) {
        return "set local individual_process_status.user_id = '1'; "
                + "select individual_process_status.add_status(%d, '%s')".formatted(process, status);
    }
}
