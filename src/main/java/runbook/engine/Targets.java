package runbook.engine;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * Targets by their names in {@code pg_service.conf}, found the way libpq finds them ({@code PGSERVICEFILE},
 * {@code ~/.pg_service.conf}; passwords from {@code PGPASSFILE}, {@code ~/.pgpass}). One pool per target.
 */
public final class Targets implements AutoCloseable {

    /** Enough for two copying slots, Flyway's three sessions, and the short questions beside them. */
    private static final int SESSIONS = 12;

    private static final long CONNECT_MILLIS = 10_000;

    /** Role and database defaults that would end or falsify our statements are overridden in each session. */
    private static final String PINNED = String.join(
            ";",
            "set row_security = off",
            "set search_path = pg_catalog, pg_temp",
            "set timezone = 'UTC'",
            "set datestyle = 'ISO, YMD'",
            "set intervalstyle = 'iso_8601'",
            "set bytea_output = 'hex'",
            "set extra_float_digits = 1",
            "set lock_timeout = '1s'",
            "set statement_timeout = 0",
            "set idle_in_transaction_session_timeout = 0",
            "set default_transaction_isolation = 'read committed'",
            "set default_transaction_read_only = off",
            "set synchronous_commit = on");

    private final ConcurrentMap<String, Target> open = new ConcurrentHashMap<>();

    /**
     * The target of this name, connected.
     *
     * @throws RunbookException.UnusableTarget when it is not in the service file, or does not answer, or refuses
     */
    public Target named(String name) {
        return open.computeIfAbsent(name, Targets::connect);
    }

    /** The names in the service file, for error messages; empty when there is no file. */
    public static List<String> known() {
        Path file = serviceFile();
        if (!Files.isReadable(file)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .filter(line -> line.startsWith("[") && line.endsWith("]"))
                    .map(line -> line.substring(1, line.length() - 1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path serviceFile() {
        String named = System.getProperty("org.postgresql.pgservicefile", System.getenv("PGSERVICEFILE"));
        return named != null ? Path.of(named) : Path.of(System.getProperty("user.home"), ".pg_service.conf");
    }

    private static Target connect(String name) {
        if (!known().contains(name)) {
            throw new RunbookException.UnusableTarget("target '" + name + "' is not in the service file "
                    + serviceFile() + "; it names: " + (known().isEmpty() ? "nothing" : String.join(", ", known()))
                    + ". Add a section [" + name + "] with host, port, dbname and user, and the password to .pgpass.");
        }
        HikariConfig config = new HikariConfig();
        config.setPoolName("runbook-" + name);
        config.setJdbcUrl("jdbc:postgresql://?service=" + URLEncoder.encode(name, StandardCharsets.UTF_8)
                + "&ApplicationName=runbook&logServerErrorDetail=false&tcpKeepAlive=true&connectTimeout=10");
        config.setMaximumPoolSize(SESSIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setInitializationFailTimeout(1);
        config.setConnectionInitSql(PINNED);
        try {
            return new Target(name, new HikariDataSource(config));
        } catch (RuntimeException e) {
            throw new RunbookException.UnusableTarget("target '" + name + "' cannot be used: " + reason(e), e);
        }
    }

    private static String reason(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return switch (String.valueOf(sql.getSQLState())) {
                    case "28P01", "28000" ->
                        "the server refused the role or its password (SQLSTATE " + sql.getSQLState()
                                + "). Correct the user in the service file or the line in .pgpass.";
                    case "3D000" -> "the database does not exist (SQLSTATE 3D000). Correct dbname in the service file.";
                    case "08001", "08004", "08006" ->
                        "no connection (SQLSTATE " + sql.getSQLState() + "): " + firstLine(sql)
                                + " Correct host and port in the service file, or start the server.";
                    default -> "SQLSTATE " + sql.getSQLState() + ": " + firstLine(sql);
                };
            }
        }
        return String.valueOf(error.getMessage());
    }

    private static String firstLine(SQLException error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        open.values().forEach(Target::close);
        open.clear();
    }
}
