package runbook.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/** The SQL files of a folder below {@code db/}, from the class path or a jar, in Flyway's order. */
final class ScriptFolder {

    private ScriptFolder() {}

    /** Texts by file name; empty when there is no such folder. */
    static Map<String, String> texts(String migration, String folder) {
        String path = "db/" + migration + "/" + folder;
        Map<String, String> texts = new LinkedHashMap<>();
        try {
            for (String name : names(path)) {
                try (InputStream file = loader().getResourceAsStream(path + "/" + name)) {
                    texts.put(
                            name,
                            new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("scripts in " + path, e);
        }
        return texts;
    }

    private static List<String> names(String path) throws IOException {
        URL folder = loader().getResource(path);
        List<String> names = new ArrayList<>();
        if (folder != null && folder.getProtocol().equals("jar")) {
            JarFile jar = ((JarURLConnection) folder.openConnection()).getJarFile();
            jar.stream()
                    .map(entry -> entry.getName())
                    .filter(entry -> entry.startsWith(path + "/"))
                    .map(entry -> entry.substring(path.length() + 1))
                    .forEach(names::add);
        } else if (folder != null) {
            try (Stream<Path> files = Files.list(Path.of(URI.create(folder.toString())))) {
                files.map(file -> file.getFileName().toString()).forEach(names::add);
            }
        }
        return names.stream()
                .filter(name -> name.endsWith(".sql") && name.startsWith("V"))
                .sorted(Comparator.comparing(ScriptFolder::version))
                .toList();
    }

    private static MigrationVersion version(String name) {
        return MigrationVersion.fromVersion(name.substring(1, name.indexOf("__")));
    }

    /** The context's, which sees plug-ins. */
    static ClassLoader loader() {
        @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? ScriptFolder.class.getClassLoader() : context;
    }
}
