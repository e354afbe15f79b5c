package runbook.sample;

import java.sql.SQLException;

/** How a release of the application reads and writes. */
interface Shape {

    void perform(Attempt attempt, Action action) throws SQLException;
}
