package runbook.sample;

import java.sql.Connection;
import java.sql.SQLException;

/** A legacy database as years of use leave it, the same for the same seed, and the application that writes to it. */
public interface Sample {

    /** The migration that it is a sample for. */
    String name();

    /** How many rows the numbers of odd ones are stated for. */
    long usualRows();

    /**
     * Fills the empty legacy tables in one transaction.
     *
     * @param owner a session of the role that owns them
     */
    void create(Connection owner, long rows, long seed) throws SQLException;

    /** Starts the application on the database. */
    ApplicationWriter writer(WriterSettings settings) throws SQLException;
}
