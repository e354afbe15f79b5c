package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.Role;

/** What a run must have left behind, asked in plain SQL. */
final class NewShape {

    private static final String DIFFERENCES = """
            select count(*) from (
                (select id, %1$s from individual_process_status.individual_processes
                 except all
                 select individual_process_id, status_name
                 from individual_process_status.individual_process_statuses where is_active)
                union all
                (select individual_process_id, status_name
                 from individual_process_status.individual_process_statuses where is_active
                 except all
                 select id, %1$s from individual_process_status.individual_processes)) different
            """;

    private NewShape() {}

    /** Every process of the retired field has the same status in the new shape, and there are no others. */
    static void holdsEveryStatusOf(DevDatabase database) throws SQLException {
        assertThat(number(database, DIFFERENCES.formatted("retired_status"))).isZero();
    }

    static long number(DevDatabase database, String query) throws SQLException {
        try (Connection superuser = database.connect(Role.SUPERUSER);
                Statement statement = superuser.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    static void execute(DevDatabase database, Role role, String... statements) throws SQLException {
        try (Connection session = database.connect(role);
                Statement statement = session.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
