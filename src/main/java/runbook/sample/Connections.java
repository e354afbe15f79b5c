package runbook.sample;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Opens sessions of the application's role. */
@FunctionalInterface
public interface Connections {

    Connection open() throws SQLException;

    /** Sessions by an address that says all, the user too. */
    static Connections to(String jdbcUrl) {
        return () -> DriverManager.getConnection(jdbcUrl);
    }
}
