package runbook.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import runbook.TestPostgres;
import runbook.cli.dev.DevPostgres;
import runbook.cli.dev.Role;

/** A service file and a password file of a test's own, which this JVM uses until they are closed. */
final class Services implements AutoCloseable {

    private static final String SERVICE_FILE = "org.postgresql.pgservicefile";
    private static final String PASSWORD_FILE = "org.postgresql.pgpassfile";

    private final DevPostgres server;
    private final String database;
    private final Path serviceFile;
    private final Path passwordFile;
    private final String usualServices = System.getProperty(SERVICE_FILE);
    private final String usualPasswords = System.getProperty(PASSWORD_FILE);
    private final Map<String, Map<String, String>> services = new LinkedHashMap<>();

    private Services(DevPostgres server, String database, Path folder) {
        this.server = server;
        this.database = database;
        this.serviceFile = folder.resolve("pg_service.conf");
        this.passwordFile = folder.resolve("pgpass");
        with(database);
        System.setProperty(SERVICE_FILE, serviceFile.toString());
        System.setProperty(PASSWORD_FILE, passwordFile.toString());
    }

    /** Knows the target of the running test, and nothing else. */
    Services(TestPostgres postgres, Path folder) {
        this(postgres.server(), postgres.database().name(), folder);
    }

    /** Knows the database {@code dev} of a server of one's own, and nothing else. */
    static Services of(DevPostgres own, Path folder) {
        return new Services(own, "dev", folder);
    }

    Path file() {
        return serviceFile;
    }

    /** A service that is the target's own but for these settings; one of this name is replaced. */
    Services with(String name, String... settingsAndValues) {
        Map<String, String> settings = new LinkedHashMap<>(Map.of(
                "host", "127.0.0.1",
                "port", String.valueOf(server.port()),
                "dbname", database,
                "user", Role.RUNBOOK.user(),
                "password", password(Role.RUNBOOK)));
        for (int i = 0; i < settingsAndValues.length; i += 2) {
            settings.put(settingsAndValues[i], settingsAndValues[i + 1]);
        }
        services.put(name, settings);
        write();
        return this;
    }

    /** The password that the server gave a role. */
    String password(Role role) {
        return lines(server.passFile()).stream()
                .map(line -> List.of(line.split(":", -1)))
                .filter(fields -> fields.get(3).equals(role.user()))
                .map(fields -> fields.get(4))
                .findFirst()
                .orElseThrow();
    }

    private void write() {
        List<String> sections = new ArrayList<>();
        List<String> passwords = new ArrayList<>();
        services.forEach((name, settings) -> {
            sections.add("[" + name + "]");
            for (String setting : List.of("host", "port", "dbname", "user")) {
                sections.add(setting + "=" + settings.get(setting));
            }
            // The drill's scratch database has a name of its own.
            passwords.add(String.join(
                    ":",
                    settings.get("host"),
                    settings.get("port"),
                    "*",
                    settings.get("user"),
                    settings.get("password")));
        });
        try {
            Files.write(serviceFile, sections);
            Files.write(passwordFile, passwords);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        System.setProperty(SERVICE_FILE, usualServices);
        System.setProperty(PASSWORD_FILE, usualPasswords);
    }
}
