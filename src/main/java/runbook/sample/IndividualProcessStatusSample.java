package runbook.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** Processes with one text field as their status, odd ones of every kind among them. */
public final class IndividualProcessStatusSample implements Sample {

    private static final String SCRIPT = "/db/individual_process_status/sample/sample.sql";

    @Override
    public String name() {
        return "individual_process_status";
    }

    @Override
    public long usualRows() {
        return 50_000;
    }

    @Override
    public void create(Connection owner, long rows, long seed) throws SQLException {
        if (rows < 0 || seed < 0) {
            throw new IllegalArgumentException(
                    "A sample of " + rows + " rows with seed " + seed + " cannot be made: both are numbers from 0 up.");
        }
        boolean autoCommit = owner.getAutoCommit();
        owner.setAutoCommit(false);
        try {
            set(owner, "sample.rows", rows);
            set(owner, "sample.seed", seed);
            try (Statement statement = owner.createStatement()) {
                statement.execute(script());
            }
            owner.commit();
        } catch (SQLException e) {
            owner.rollback();
            throw e;
        } finally {
            owner.setAutoCommit(autoCommit);
        }
    }

    @Override
    public ApplicationWriter writer(WriterSettings settings) throws SQLException {
        return ApplicationWriter.start(settings);
    }

    private static void set(Connection owner, String setting, long value) throws SQLException {
        try (PreparedStatement statement = owner.prepareStatement("select set_config(?, ?, true)")) {
            statement.setString(1, setting);
            statement.setString(2, Long.toString(value));
            statement.execute();
        }
    }

    private static String script() {
        try (InputStream script = IndividualProcessStatusSample.class.getResourceAsStream(SCRIPT)) {
            if (script == null) {
                throw new IllegalStateException(SCRIPT + " is not in the jar. Build again: mvn package");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
