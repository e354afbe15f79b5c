package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsTest {

    private static final String SERVICE = "META-INF/services/runbook.spi.Migration";

    @TempDir
    Path folder;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @BeforeEach
    @AfterEach
    void the_class_loader_that_was() {
        Thread.currentThread().setContextClassLoader(before);
    }

    @Test
    void a_jars_migration_is_listed_and_its_scripts_are_found_in_the_jar() throws IOException {
        jar(FarewellMigration.class.getName());

        assertThat(Said.by("list", "--plugins", folder.toString()).out())
                .contains("farewell\n  Says goodbye", "individual_process_status\n");
        assertThat(Said.by("plan", "farewell", "--plugins", folder.toString()).out())
                .contains("-- V1__wave.sql", "create table farewell.waves ()", "counted before approval");
    }

    @Test
    void a_service_that_cannot_be_made_is_one_message() throws IOException {
        jar("shop.NoSuchMigration");

        Said said = Said.by("list", "--plugins", folder.toString());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("shop.NoSuchMigration", "Nothing was started")
                .hasLineCount(1);
    }

    @Test
    void a_folder_without_jars_is_refused() {
        assertThat(Said.by("list", "--plugins", folder.toString()).err()).contains("holds no jar");
        assertThat(Said.by("list", "--plugins", folder.resolve("none").toString())
                        .err())
                .contains("is no folder");
    }

    private void jar(String provider) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolve("farewell.jar")))) {
            for (String directory : new String[] {"db/", "db/farewell/", "db/farewell/schema/"}) {
                jar.putNextEntry(new JarEntry(directory));
            }
            write(jar, SERVICE, provider);
            write(jar, "db/farewell/schema/V1__wave.sql", "create table farewell.waves ();");
        }
    }

    private static void write(JarOutputStream jar, String name, String text) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
