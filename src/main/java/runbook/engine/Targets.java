package runbook.engine;

import com.zaxxer.hikari.HikariConfig;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import runbook.message.Tuning;

/**
 * Targets by their names in {@code pg_service.conf}, found the way libpq finds them ({@code PGSERVICEFILE},
 * {@code ~/.pg_service.conf}; passwords from {@code PGPASSFILE}, {@code ~/.pgpass}). One pool per target.
 */
public final class Targets implements AutoCloseable {

    /** One for each slot of a copy, Flyway's three, and some for the short questions beside them. */
    private static final int SESSIONS = Tuning.MOST_WORKERS + 8;

    private static final long CONNECT_MILLIS = 10_000;

    /** Role and database defaults that would end or falsify our statements are overridden in each session. */
    /** Below deadlock_timeout (1 s): in a deadlock with the application it is we who give way. */
    static final String HURRIED = "set lock_timeout = '500ms'";

    private static final String PINNED = String.join(
            ";",
            "set row_security = off",
            "set search_path = pg_catalog, pg_temp",
            "set timezone = 'UTC'",
            "set datestyle = 'ISO, YMD'",
            "set intervalstyle = 'iso_8601'",
            "set bytea_output = 'hex'",
            "set extra_float_digits = 1",
            HURRIED,
            "set statement_timeout = 0",
            "set idle_in_transaction_session_timeout = 0",
            "set default_transaction_isolation = 'read committed'",
            "set default_transaction_read_only = off",
            "set synchronous_commit = on",
            "set runbook.session = 'on'");

    /** A target, and what the service file said when it was connected. */
    private record Connected(Target target, Map<String, String> settings) {}

    private final ConcurrentMap<String, Connected> open = new ConcurrentHashMap<>();

    /**
     * The target of this name, connected to where the service file leads now: sessions to where it led before are ended,
     * or a run would go on there, or begin there.
     *
     * @throws RunbookException.UnusableTarget when it is not in the service file, or does not answer, or refuses
     */
    public Target named(String name) {
        ServiceFile file = ServiceFile.read();
        return open.compute(name, (n, known) -> connected(file, n, known)).target();
    }

    private static Connected connected(ServiceFile file, String name, @Nullable Connected known) {
        Map<String, String> settings = file.settings(name);
        if (known != null && known.settings().equals(settings)) {
            return known;
        }
        Target target = connect(name, file);
        if (known != null) {
            known.target().close();
        }
        return new Connected(target, settings);
    }

    /** The names in the service file; empty when there is no file. */
    public static List<String> known() {
        return ServiceFile.read().names();
    }

    private static Target connect(String name, ServiceFile file) {
        if (!file.names().contains(name)) {
            throw new RunbookException.UnusableTarget("target '" + name + "' is not in the service file " + file.path()
                    + "; it names: " + (file.names().isEmpty() ? "nothing" : String.join(", ", file.names()))
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
            return new Target(name, new Sessions(config));
        } catch (RuntimeException e) {
            throw new RunbookException.UnusableTarget(
                    "target '" + name + "' cannot be used" + reason(name, file, e), e);
        }
    }

    /** Where the server is and what it said stay out of it: this text goes into histories. */
    private static String reason(String name, ServiceFile file, Throwable error) {
        String state = Sql.state(error);
        String why =
                switch (state) {
                    case "28P01", "28000" ->
                        "the server refuses the role or its password. Correct the user in the service file, the line in"
                                + " .pgpass, or the server's pg_hba.conf.";
                    case "3D000" -> "the database does not exist. Correct dbname in the service file.";
                    case "42501" -> "the role may not connect. " + grantOfConnect(name, file);
                    case "08001", "08004", "08006" ->
                        "no server answers at its host and port. Correct them in the service file, or start the"
                                + " server.";
                    case "08P01" ->
                        "what answers does not take our settings, as a pooler does not. Point the service at the"
                                + " server's own port.";
                    case "53300" ->
                        "the server has no connection left for the role. Raise max_connections, or end some.";
                    case "57P03" -> "the server is starting or stopping. Wait until it takes connections.";
                    case "" -> "a setting of the service is wrong. Compare it with the others in the service file.";
                    default -> "the server refuses the connection. The worker's log has its reason.";
                };
        return (state.isEmpty() ? ": " : " (SQLSTATE " + state + "): ") + why;
    }

    private static String grantOfConnect(String name, ServiceFile file) {
        return "GRANT CONNECT ON DATABASE " + DSL.name(file.setting(name, "dbname", "DATABASE")) + " TO "
                + DSL.name(file.setting(name, "user", "ROLE")) + ";";
    }

    @Override
    public void close() {
        open.values().forEach(connected -> connected.target().close());
        open.clear();
    }
}
