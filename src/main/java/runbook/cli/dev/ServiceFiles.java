package runbook.cli.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import runbook.worker.WholeFile;

/**
 * The two files by which libpq and pgjdbc find the databases: {@code pg_service.conf} with a service per database and
 * role, {@code pgpass} with the passwords. The second is also where a kept cluster's passwords are kept.
 */
final class ServiceFiles {

    private static final String HOST = "127.0.0.1";
    private static final int PASSWORD_BYTES = 24;

    private final Path folder;
    private final Map<Role, String> passwords = new EnumMap<>(Role.class);
    private OptionalInt lastPort = OptionalInt.empty();

    ServiceFiles(Path folder) {
        this.folder = folder;
        if (Files.exists(passFile())) {
            read();
        }
        SecureRandom random = new SecureRandom();
        for (Role role : Role.values()) {
            passwords.computeIfAbsent(role, missing -> {
                byte[] bytes = new byte[PASSWORD_BYTES];
                random.nextBytes(bytes);
                return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            });
        }
    }

    Path serviceFile() {
        return folder.resolve("pg_service.conf");
    }

    Path passFile() {
        return folder.resolve("pgpass");
    }

    String password(Role role) {
        String password = passwords.get(role);
        if (password == null) {
            throw new IllegalStateException("every role has a password, found none for " + role);
        }
        return password;
    }

    /** The port that a kept cluster listened on before; clients may still have it in their settings. */
    OptionalInt lastPort() {
        return lastPort;
    }

    private void read() {
        try {
            for (String line : Files.readAllLines(passFile())) {
                // host:port:database:user:password, none of which holds a colon here
                List<String> fields = Arrays.asList(line.split(":", -1));
                Arrays.stream(Role.values())
                        .filter(role -> fields.size() == 5 && role.user().equals(fields.get(3)))
                        .forEach(role -> {
                            passwords.put(role, fields.get(4));
                            lastPort = OptionalInt.of(Integer.parseInt(fields.get(1)));
                        });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the passwords, before the cluster that gets them is made. */
    void writePasswords(int port) {
        WholeFile.write(
                passFile(),
                passwords.entrySet().stream()
                        .map(entry -> HOST + ":" + port + ":*:" + entry.getKey().user() + ":" + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
    }

    void writeServices(int port, Collection<String> databases) {
        WholeFile.write(
                serviceFile(),
                databases.stream()
                        .flatMap(database -> Arrays.stream(Role.values())
                                .map(role -> """
                        [%s]
                        host=%s
                        port=%d
                        dbname=%s
                        user=%s

                        """.formatted(role.service(database), HOST, port, database, role.user())))
                        .collect(Collectors.joining()));
    }
}
