package runbook.cli.dev;

import java.sql.Connection;
import java.sql.SQLException;

/** A database of the embedded server, with one service per role in the service file. */
public record DevDatabase(String name, DevPostgres postgres) {

    /** The service of a role: what a workflow input gives as {@code target} is that of {@link Role#RUNBOOK}. */
    public String service(Role role) {
        return role.service(name);
    }

    /** Address without credentials. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/" + name;
    }

    /** A new connection as this role. */
    public Connection connect(Role role) throws SQLException {
        return postgres.connect(name, role);
    }

    @Override
    public String toString() {
        return name;
    }
}
