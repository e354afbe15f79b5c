package runbook.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import runbook.TestPostgres;

class DevPostgresTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.prepared("one_table", connection -> {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table orders (id bigint primary key)");
            statement.execute("insert into orders select generate_series(1, 10)");
        }
    });

    @ParameterizedTest
    @EnumSource
    void every_role_finds_the_database_by_its_service(Role role) throws SQLException {
        String service = URLEncoder.encode(postgres.database().service(role), StandardCharsets.UTF_8);

        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://?service=" + service)) {
            assertThat(text(connection, "select current_user || ' in ' || current_database()"))
                    .isEqualTo(role.user() + " in " + postgres.database().name());
        }
    }

    @Test
    void the_three_roles_are_no_superusers_and_only_runbook_makes_databases() throws SQLException {
        try (Connection connection = postgres.database().connect(Role.RUNBOOK)) {
            assertThat(text(connection, """
                    select string_agg(concat_ws(' ', rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls,
                                                pg_has_role(rolname, 'pg_monitor', 'member')), ', ' order by rolname)
                    from pg_roles where rolname in ('runbook', 'app', 'approver')
                    """)).isEqualTo("app f f f f f, approver f f f f f, runbook f t f f t");
        }
    }

    @Test
    void a_copy_of_a_template_holds_its_rows_and_belongs_to_runbook() throws SQLException {
        try (Connection connection = postgres.database().connect(Role.RUNBOOK)) {
            assertThat(text(connection, "select count(*) from orders")).isEqualTo("10");
            assertThat(text(connection, "select tableowner from pg_tables where tablename = 'orders'"))
                    .isEqualTo("runbook");
        }
    }

    @Test
    void a_wrong_password_is_refused() {
        assertThatThrownBy(() ->
                        DriverManager.getConnection(postgres.database().jdbcUrl(), Role.SUPERUSER.user(), "postgres"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    }

    @Test
    void no_address_but_the_loopback_one_answers() throws IOException {
        List<InetSocketAddress> elsewhere = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .map(address -> new InetSocketAddress(address, postgres.server().port()))
                .toList();

        assertThat(elsewhere).allSatisfy(address -> assertThatThrownBy(() -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(address, 500);
                    }
                })
                .isInstanceOf(IOException.class));
    }

    @Test
    void the_two_files_are_for_their_owner_alone() throws IOException {
        for (Path file :
                List.of(postgres.server().serviceFile(), postgres.server().passFile())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void a_dropped_database_is_no_service_any_more() throws IOException, SQLException {
        DevDatabase second = postgres.another();
        try (Connection open = second.connect(Role.RUNBOOK)) {
            assertThat(open.isValid(1)).isTrue();
            assertThat(services()).contains("[" + second.name() + "-app]");

            postgres.server().drop(second);
        }

        assertThat(services()).doesNotContain("[" + second.name()).contains("[" + postgres.target() + "]");
    }

    private String services() throws IOException {
        return Files.readString(postgres.server().serviceFile());
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
