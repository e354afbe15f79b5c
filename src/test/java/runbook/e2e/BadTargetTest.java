package runbook.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import runbook.cli.dev.DevPostgres;
import runbook.cli.dev.OldPostgres;
import runbook.cli.dev.PgBouncer;
import runbook.cli.dev.Role;
import runbook.cli.dev.Standby;

/** Targets that cannot be migrated as they are: the start says why, and goes through once that is cured. */
class BadTargetTest extends OneRun {

    private Services services;

    @BeforeEach
    void open() {
        services = new Services(postgres, folder);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void a_target_that_the_service_file_does_not_name_is_answered_with_those_it_names() throws Exception {
        run.refuses(
                run.input("target", "prod"),
                "target 'prod' is not in the service file " + services.file() + "; it names: " + postgres.target()
                        + ". Add a section [prod] with host, port, dbname and user, and the password to .pgpass.");

        services.with("prod");
        run.completes(run.input("target", "prod"));
    }

    @Test
    void a_host_where_no_server_answers_is_not_waited_for() throws Exception {
        services.with("prod", "port", String.valueOf(silent()));

        run.refuses(
                run.input("target", "prod"),
                "target 'prod' cannot be used (SQLSTATE 08001): no server answers at its host and port. Correct them in"
                        + " the service file, or start the server.");

        services.with("prod");
        run.completes(run.input("target", "prod"));
    }

    @Test
    void a_wrong_password_is_told_without_repeating_it() throws Exception {
        services.with(postgres.target(), "password", "guessed-wrong");

        run.refuses(
                run.input(),
                "target '" + postgres.target() + "' cannot be used (SQLSTATE 28P01): the server refuses the role or its"
                        + " password. Correct the user in the service file, the line in .pgpass, or the server's"
                        + " pg_hba.conf.");

        services.with(postgres.target());
        run.completes(run.input());
    }

    @Test
    void a_database_that_does_not_exist_is_told() throws Exception {
        services.with("prod", "dbname", "orders");

        run.refuses(
                run.input("target", "prod"),
                "target 'prod' cannot be used (SQLSTATE 3D000): the database does not exist. Correct dbname in the"
                        + " service file.");

        services.with("prod");
        run.completes(run.input("target", "prod"));
    }

    @Test
    void a_transaction_pooler_is_recognized() throws Exception {
        assumeTrue(
                PgBouncer.program().isPresent() || "true".equals(System.getenv("CI")),
                "no 'pgbouncer' on the PATH: apt-get install pgbouncer");
        try (PgBouncer pooler = PgBouncer.before(postgres.server(), Role.RUNBOOK, services.password(Role.RUNBOOK))) {
            services.with("prod", "port", String.valueOf(pooler.port()));

            run.refuses(
                    run.input("target", "prod"),
                    "target 'prod': a transaction pooler answers here; a direct connection is expected, since sessions"
                            + " hold settings and snapshots. Point the service at the server's own port.");
        }
        services.with("direct");
        run.completes(run.input("target", "direct"));
    }

    @Test
    void a_standby_is_recognized() throws Exception {
        try (DevPostgres primary = DevPostgres.start(DevPostgres.Options.temporary())) {
            primary.stopImmediately();
            try (Standby standby = Standby.of(primary)) {
                services.with(
                        "prod", "port", String.valueOf(standby.port()), "dbname", "dev", "password", password(primary));

                run.refuses(
                        run.input("target", "prod"),
                        "target 'prod': the server is a standby; a primary is expected. Point the service at the"
                                + " primary.");
            }
        }
        services.with("primary");
        run.completes(run.input("target", "primary"));
    }

    @Test
    void a_server_older_than_14_is_refused() throws Exception {
        try (OldPostgres old = OldPostgres.start()) {
            services.with(
                    "prod", "port", String.valueOf(old.port()), "dbname", "postgres", "user", Role.SUPERUSER.user());

            run.refuses(
                    run.input("target", "prod"),
                    "target 'prod': PostgreSQL 13 found, 14 or newer expected. Upgrade the server, or point the"
                            + " service at another one.");
        }
        services.with("new");
        run.completes(run.input("target", "new"));
    }

    private static String password(DevPostgres server) throws Exception {
        return java.nio.file.Files.readAllLines(server.passFile()).stream()
                .filter(line -> line.contains(":" + Role.RUNBOOK.user() + ":"))
                .map(line -> line.substring(line.lastIndexOf(':') + 1))
                .findFirst()
                .orElseThrow();
    }

    private static int silent() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
