package runbook.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import runbook.cli.dev.DevPostgres.Options;
import runbook.engine.RunbookException;

class DevPostgresLifeTest {

    @TempDir
    Path dir;

    @Test
    void a_temporary_one_leaves_no_process_no_port_and_no_folder() {
        DevPostgres postgres = DevPostgres.start(Options.temporary());
        long pid = postgres.pid();
        assertThat(ProcessHandle.of(pid)).isPresent();

        postgres.close();

        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(LoopbackPort.taken(postgres.port())).isFalse();
        assertThat(postgres.serviceFile().getParent()).doesNotExist();
    }

    @Test
    void a_kept_one_has_its_rows_port_passwords_and_services_again() throws IOException, SQLException {
        String passwords;
        int port;
        try (DevPostgres first = DevPostgres.start(Options.temporary().keptIn(dir))) {
            write(first.create("shop"));
            passwords = Files.readString(first.passFile());
            port = first.port();
        }

        try (DevPostgres second = DevPostgres.start(Options.temporary().keptIn(dir))) {
            assertThat(rows(new DevDatabase("shop", second))).isEqualTo(1);
            assertThat(second.port()).isEqualTo(port);
            assertThat(Files.readString(second.passFile())).isEqualTo(passwords);
            assertThat(Files.readString(second.serviceFile())).contains("[dev]", "[shop-approver]");
        }
    }

    @Test
    void a_lock_file_whose_process_is_another_program_by_now_does_not_matter() throws IOException, SQLException {
        try (DevPostgres first = DevPostgres.start(Options.temporary().keptIn(dir))) {
            write(first.dev());
            first.stopImmediately();
        }
        Files.writeString(
                dir.resolve("data/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + dir.resolve("data") + "\n0\n5432\n\n127.0.0.1\n 0 0\nready\n");

        try (DevPostgres second = DevPostgres.start(Options.temporary().keptIn(dir))) {
            assertThat(rows(second.dev())).isEqualTo(1);
        }
    }

    @Test
    void a_second_one_on_the_same_folder_is_refused() {
        try (DevPostgres first = DevPostgres.start(Options.temporary().keptIn(dir))) {
            assertThat(first.pid()).isPositive();

            assertThatThrownBy(() -> DevPostgres.start(Options.temporary().keptIn(dir)))
                    .isInstanceOf(RunbookException.class)
                    .hasMessageContaining(
                            "is in use by process " + ProcessHandle.current().pid())
                    .hasMessageContaining("Nothing was started.");
        }
    }

    @Test
    void a_store_of_another_version_is_refused_and_left_alone() throws IOException {
        Files.createDirectories(dir.resolve("data"));
        Files.writeString(dir.resolve("data/PG_VERSION"), "13\n");

        assertThatThrownBy(() -> DevPostgres.start(Options.temporary().keptIn(dir)))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("holds a store of PostgreSQL 13")
                .hasMessageContaining("Choose another --dir");

        assertThat(dir.resolve("data/PG_VERSION")).hasContent("13\n");
    }

    @Test
    void a_taken_port_is_refused() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> DevPostgres.start(Options.temporary().onPort(other.getLocalPort())))
                    .isInstanceOf(RunbookException.class)
                    .hasMessageContaining("port " + other.getLocalPort() + " is taken");
        }
    }

    @Test
    void a_setting_that_postgresql_refuses_is_told_in_its_words() {
        assertThatThrownBy(() -> DevPostgres.start(Options.temporary().with("shared_buffers", "plenty")))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("PostgreSQL did not start")
                .hasMessageContaining("invalid value for parameter \"shared_buffers\": \"plenty\"");
    }

    @Test
    void what_was_committed_survives_a_restart_and_a_crash() throws SQLException {
        try (DevPostgres postgres = DevPostgres.start(Options.temporary())) {
            write(postgres.dev());

            postgres.restart();
            assertThat(rows(postgres.dev())).isEqualTo(1);

            postgres.stopImmediately();
            postgres.resume();
            assertThat(rows(postgres.dev())).isEqualTo(1);
        }
    }

    @Test
    void root_may_also_start_it_as_the_real_nobody() {
        assumeTrue(new UnixSystem().getUid() == 0, "only root can become nobody");
        Path folder = Folders.temporary("runbook-postgres-");
        try {
            PostgresServer server = new PostgresServer(
                    folder, false, Map.of(), Unprivileged.nobody().orElseThrow());
            server.initialize("secret");
            server.start(LoopbackPort.free());

            assertThat(ProcessHandle.of(server.pid())
                            .flatMap(process -> process.info().user()))
                    .contains("nobody");

            server.stop();
        } finally {
            Folders.delete(folder);
        }
    }

    private static void write(DevDatabase database) throws SQLException {
        try (Connection connection = database.connect(Role.RUNBOOK);
                Statement statement = connection.createStatement()) {
            statement.execute("create table orders (id bigint primary key)");
            statement.execute("insert into orders values (1)");
        }
    }

    private static int rows(DevDatabase database) throws SQLException {
        try (Connection connection = database.connect(Role.RUNBOOK);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from orders")) {
            row.next();
            return row.getInt(1);
        }
    }
}
