package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;

class LockModesTest {

    private static final List<String> MODES = List.of(
            "AccessShareLock",
            "RowShareLock",
            "RowExclusiveLock",
            "ShareUpdateExclusiveLock",
            "ShareLock",
            "ShareRowExclusiveLock",
            "ExclusiveLock",
            "AccessExclusiveLock");

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @Test
    void conflicts_are_those_of_a_real_server() throws SQLException {
        try (Connection one = postgres.database().connect(Role.RUNBOOK);
                Connection two = postgres.database().connect(Role.RUNBOOK)) {
            execute(one, "create table seat ()");
            one.setAutoCommit(false);
            for (String held : MODES) {
                execute(one, "lock table seat in " + LockModes.words(held) + " mode");
                for (String wanted : MODES) {
                    assertThat(LockModes.conflict(wanted, held))
                            .as(wanted + " beside " + held)
                            .isEqualTo(refused(two, wanted));
                }
                one.rollback();
            }
        }
    }

    @Test
    void the_strongest_is_told() {
        assertThat(LockModes.strongest(List.of("RowShareLock", "AccessExclusiveLock", "ShareLock")))
                .isEqualTo("AccessExclusiveLock");
        assertThat(LockModes.words("ShareRowExclusiveLock")).isEqualTo("SHARE ROW EXCLUSIVE");
    }

    private static boolean refused(Connection session, String mode) throws SQLException {
        session.setAutoCommit(false);
        try {
            execute(session, "lock table seat in " + LockModes.words(mode) + " mode nowait");
            return false;
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("55P03");
            return true;
        } finally {
            session.rollback();
        }
    }

    private static void execute(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }
}
