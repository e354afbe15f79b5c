package runbook.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Runs the SQL files below {@code db/} as they are, without the engine. */
public final class SqlFolder {

    private SqlFolder() {}

    /** The engine's tables and the legacy shape: where every migration begins. */
    public static void runLegacy(Connection owner, String migration) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute("create schema runbook; set search_path = runbook");
            for (Path script : scripts("runbook")) {
                statement.execute(text(script));
            }
            statement.execute("reset search_path");
        }
        run(owner, migration, "legacy");
    }

    /** A folder of a migration, each file in a transaction of its own, or statement by statement where it may not be. */
    public static void run(Connection owner, String migration, String folder) throws SQLException {
        for (Path script : scripts(migration + "/" + folder)) {
            runOne(owner, script);
        }
    }

    /** A single file of a migration, by the beginning of its name. */
    public static void run(Connection owner, String migration, String folder, String name) throws SQLException {
        for (Path script : scripts(migration + "/" + folder)) {
            if (script.getFileName().toString().startsWith(name)) {
                runOne(owner, script);
            }
        }
    }

    /** A folder of a migration in the caller's transaction. */
    public static void runWithin(Connection owner, String migration, String folder) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            for (Path script : scripts(migration + "/" + folder)) {
                statement.execute(text(script));
            }
        }
    }

    private static void runOne(Connection owner, Path script) throws SQLException {
        String text = text(script);
        boolean alone = text.toLowerCase(Locale.ROOT).contains("concurrently");
        boolean commits = text.contains("commit;");
        owner.setAutoCommit(alone || commits);
        try (Statement statement = owner.createStatement()) {
            for (String part : alone ? text.replaceAll("--.*", "").split(";") : new String[] {text}) {
                if (!part.isBlank()) {
                    statement.execute(part);
                }
            }
            if (!owner.getAutoCommit()) {
                owner.commit();
            }
        } catch (SQLException e) {
            if (!owner.getAutoCommit()) {
                owner.rollback();
            }
            throw new SQLException(script + ": " + e.getMessage(), e.getSQLState(), e);
        } finally {
            owner.setAutoCommit(true);
        }
    }

    private static List<Path> scripts(String folder) {
        try (Stream<Path> files = Files.list(Path.of("db").resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".sql"))
                    .sorted(Comparator.comparing(SqlFolder::version))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tenth comes after the ninth. */
    private static int version(Path script) {
        String name = script.getFileName().toString();
        return Integer.parseInt(name.substring(1, name.indexOf("__")));
    }

    private static String text(Path script) {
        try {
            return Files.readString(script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
