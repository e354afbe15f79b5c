package runbook.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import runbook.engine.Catalog;
import runbook.engine.RunbookException;
import runbook.migrations.Bundled;
import runbook.spi.Migration;

/** Where migrations come from: the bundled ones, and those that the jars of a folder name as services. */
final class Plugins {

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            description = "a folder with jars of more migrations (META-INF/services/runbook.spi.Migration)")
    private @Nullable Path folder;

    /**
     * All migrations. The jars are read until the JVM ends, by way of the thread's context class loader: threads made
     * from now on inherit it, and so find the SQL that is in a jar's {@code db/} folder.
     */
    Catalog catalog() {
        List<Migration> migrations = new ArrayList<>(Bundled.migrations());
        if (folder != null) {
            URLClassLoader loader = new URLClassLoader(jars(folder), Plugins.class.getClassLoader());
            Thread.currentThread().setContextClassLoader(loader);
            migrations.addAll(found(loader, folder));
        }
        return new Catalog(migrations);
    }

    private static List<Migration> found(ClassLoader loader, Path folder) {
        try {
            return ServiceLoader.load(Migration.class, loader).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (ServiceConfigurationError e) {
            throw new RunbookException(
                    "plugins: a jar in " + folder + " names a migration that cannot be made: " + e.getMessage()
                            + ". Nothing was started. Correct its META-INF/services/runbook.spi.Migration.",
                    e);
        }
    }

    private static URL[] jars(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new RunbookException("plugins: " + folder + " is no folder. Nothing was started.");
        }
        try (Stream<Path> files = Files.list(folder)) {
            URL[] jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .map(Plugins::url)
                    .toArray(URL[]::new);
            if (jars.length == 0) {
                throw new RunbookException("plugins: " + folder + " holds no jar. Nothing was started.");
            }
            return jars;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }
}
