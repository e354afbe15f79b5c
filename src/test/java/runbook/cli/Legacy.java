package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import runbook.TestPostgres;
import runbook.cli.dev.Role;

/** A target with the old shape and a few rows, and plain SQL on it. */
final class Legacy {

    static final String NAME = "individual_process_status";
    static final int ROWS = 300;

    private Legacy() {}

    static void fill(TestPostgres postgres) {
        Said said = Said.by("sample", NAME, "--rows", String.valueOf(ROWS), "--target", postgres.target());
        assertThat(said.err()).isEmpty();
        assertThat(said.code()).isZero();
    }

    static void execute(TestPostgres postgres, Role role, String sql) throws SQLException {
        try (Connection session = postgres.database().connect(role);
                Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    static String value(TestPostgres postgres, String sql) throws SQLException {
        try (Connection session = postgres.database().connect(Role.SUPERUSER);
                Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
