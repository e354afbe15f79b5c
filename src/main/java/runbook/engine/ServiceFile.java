package runbook.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code pg_service.conf} says, for error messages; libpq's way of finding it. Connecting is left to the driver. */
record ServiceFile(Path path, Map<String, Map<String, String>> services) {

    /** As it is now; a file that is not there has no services. */
    static ServiceFile read() {
        Path path = named();
        Map<String, Map<String, String>> services = new LinkedHashMap<>();
        if (Files.isReadable(path)) {
            Map<String, String> settings = new LinkedHashMap<>();
            for (String line : lines(path)) {
                if (line.startsWith("[") && line.endsWith("]")) {
                    settings = services.computeIfAbsent(
                            line.substring(1, line.length() - 1), name -> new LinkedHashMap<>());
                } else if (!line.startsWith("#") && line.contains("=")) {
                    int equals = line.indexOf('=');
                    settings.put(
                            line.substring(0, equals).strip(),
                            line.substring(equals + 1).strip());
                }
            }
        }
        return new ServiceFile(path, services);
    }

    List<String> names() {
        return List.copyOf(services.keySet());
    }

    /** All that it says of a service; empty when it does not name it. */
    Map<String, String> settings(String service) {
        return services.getOrDefault(service, Map.of());
    }

    /** A setting of a service, or what stands for it in a command that a person completes. */
    String setting(String service, String name, String otherwise) {
        return settings(service).getOrDefault(name, otherwise);
    }

    private static Path named() {
        String file = System.getProperty("org.postgresql.pgservicefile", System.getenv("PGSERVICEFILE"));
        return file != null ? Path.of(file) : Path.of(System.getProperty("user.home"), ".pg_service.conf");
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path).stream().map(String::strip).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
