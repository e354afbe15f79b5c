package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.TestPostgres;

/** A name leads where the service file says now, also in a worker that has been running for weeks. */
class TargetsTest {

    private static final String SERVICE_FILE = "org.postgresql.pgservicefile";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @TempDir
    private Path folder;

    private final Targets targets = new Targets();
    private String usual = "";

    @BeforeEach
    void fileOfItsOwn() throws IOException {
        usual = System.getProperty(SERVICE_FILE);
        Files.copy(Path.of(usual), file());
        System.setProperty(SERVICE_FILE, file().toString());
    }

    @AfterEach
    void close() {
        System.setProperty(SERVICE_FILE, usual);
        targets.close();
    }

    private Path file() {
        return folder.resolve("pg_service.conf");
    }

    private void point(String from, String to) throws IOException {
        Files.writeString(file(), Files.readString(file()).replace("dbname=" + from + "\n", "dbname=" + to + "\n"));
    }

    private String found() {
        return targets.named(postgres.target())
                .dsl()
                .fetchSingle("select current_database()")
                .get(0, String.class);
    }

    @Test
    void follows_a_service_that_is_pointed_elsewhere() throws IOException {
        String here = postgres.database().name();
        String there = postgres.another().name();
        assertThat(found()).isEqualTo(here);

        point(here, there);

        assertThat(found()).isEqualTo(there);
    }

    @Test
    void keeps_its_sessions_while_the_service_stays_as_it_is() throws IOException {
        Target before = targets.named(postgres.target());

        Files.writeString(file(), Files.readString(file()) + "\n[another]\nhost=127.0.0.1\n");

        assertThat(targets.named(postgres.target())).isSameAs(before);
    }

    @Test
    void comes_back_from_a_service_that_leads_nowhere() throws IOException {
        String here = postgres.database().name();
        assertThat(found()).isEqualTo(here);

        point(here, "nowhere");
        assertThatThrownBy(() -> targets.named(postgres.target()))
                .isInstanceOf(RunbookException.UnusableTarget.class)
                .hasMessageContaining("the database does not exist");

        point("nowhere", here);
        assertThat(found()).isEqualTo(here);
    }
}
