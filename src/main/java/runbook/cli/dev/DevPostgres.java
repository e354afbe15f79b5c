package runbook.cli.dev;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;

/**
 * A PostgreSQL of one's own, bound to the loopback address, with the three roles of a migration (none a superuser),
 * passwords made up at the first start, and the service file by which everything else finds its databases.
 */
public final class DevPostgres implements AutoCloseable {

    private static final int PORT_ATTEMPTS = 3;

    private final Path folder;
    private final boolean kept;
    private final ServiceFiles files;
    private final PostgresServer server;
    private final @Nullable FolderLock lock;
    private int port;

    /**
     * How to start.
     *
     * @param dir where the store is kept from start to start, or null for one that is removed at the end
     * @param port the port to listen on, or 0 for the one used before or any free one
     * @param settings parameters of PostgreSQL beyond ours
     */
    public record Options(@Nullable Path dir, int port, Map<String, String> settings) {

        public Options {
            settings = Map.copyOf(settings);
        }

        /** A store that is gone after the end, on any free port. */
        public static Options temporary() {
            return new Options(null, 0, Map.of());
        }

        public Options keptIn(Path dir) {
            return new Options(dir, port, settings);
        }

        public Options onPort(int port) {
            return new Options(dir, port, settings);
        }

        public Options with(String setting, String value) {
            Map<String, String> more = new HashMap<>(settings);
            more.put(setting, value);
            return new Options(dir, port, more);
        }
    }

    private DevPostgres(Options options) {
        Path dir = options.dir();
        this.kept = dir != null;
        this.folder = dir == null ? Folders.temporary("runbook-postgres-") : Folders.secret(dir);
        this.lock = kept ? FolderLock.take(folder, "postgres") : null;
        this.files = new ServiceFiles(folder);
        this.server = new PostgresServer(folder, kept, options.settings(), Unprivileged.here());
    }

    /** Starts a server and makes what is missing: roles, the database {@code dev}, the two files. */
    public static DevPostgres start(Options options) {
        DevPostgres postgres = new DevPostgres(options);
        try {
            postgres.files.writePasswords(postgres.port);
            postgres.server.initialize(postgres.files.password(Role.SUPERUSER));
            postgres.listen(options.port());
            postgres.files.writePasswords(postgres.port);
            postgres.administer(postgres::makeRoles);
            postgres.administer(admin -> {
                if (!postgres.databases(admin).contains("dev")) {
                    postgres.make(admin, "dev", "template0");
                }
            });
            postgres.writeServices();
            return postgres;
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    private void listen(int wanted) {
        for (int attempt = 1; ; attempt++) {
            port = wanted != 0 ? wanted : attempt == 1 ? usual() : LoopbackPort.free();
            if (wanted != 0 && LoopbackPort.taken(wanted)) {
                throw new RunbookException("dev: port " + wanted + " is taken by another process."
                        + " Nothing was started. Choose another port for PostgreSQL.");
            }
            try {
                server.start(port);
                return;
            } catch (RunbookException e) {
                if (attempt == PORT_ATTEMPTS || !LoopbackPort.blamedBy(String.valueOf(e.getMessage()))) {
                    throw e;
                }
            }
        }
    }

    private int usual() {
        int last = files.lastPort().orElse(0);
        return last == 0 || LoopbackPort.taken(last) ? LoopbackPort.free() : last;
    }

    private void makeRoles(DSLContext admin) {
        for (Role role : List.of(Role.RUNBOOK, Role.APP, Role.APPROVER)) {
            if (!admin.fetchExists(
                    table(name("pg_catalog", "pg_roles")),
                    field(name("rolname")).eq(role.user()))) {
                admin.execute("create role {0}", name(role.user()));
            }
            admin.execute("alter role {0} login password {1}", name(role.user()), inline(files.password(role)));
        }
        // It restores a backup into a database of its own, and reads the statistics of everyone.
        admin.execute("alter role {0} createdb", name(Role.RUNBOOK.user()));
        admin.execute("grant pg_monitor to {0}", name(Role.RUNBOOK.user()));
    }

    private void make(DSLContext admin, String database, String template) {
        admin.execute(
                "create database {0} owner {1} template {2}",
                name(database), name(Role.RUNBOOK.user()), name(template));
    }

    private List<String> databases(DSLContext admin) {
        return admin.select(field(name("datname"), String.class))
                .from(table(name("pg_catalog", "pg_database")))
                .where(field(name("datistemplate"), Boolean.class).isFalse())
                .and(field(name("datname"), String.class).ne("postgres"))
                .orderBy(field(name("datname")))
                .fetch(0, String.class);
    }

    /** The database {@code dev}. */
    public DevDatabase dev() {
        return new DevDatabase("dev", this);
    }

    /** Makes an empty database that belongs to {@code runbook}, with services of its own. */
    public synchronized DevDatabase create(String database) {
        administer(admin -> make(admin, database, "template0"));
        writeServices();
        return new DevDatabase(database, this);
    }

    /** Makes a copy of a database; nobody may be connected to the original meanwhile. */
    public synchronized DevDatabase create(String database, DevDatabase original) {
        administer(admin -> make(admin, database, original.name()));
        writeServices();
        return new DevDatabase(database, this);
    }

    /** Drops a database with whoever is connected to it, and its services. */
    public synchronized void drop(DevDatabase database) {
        administer(admin -> admin.execute("drop database if exists {0} with (force)", name(database.name())));
        writeServices();
    }

    private void writeServices() {
        administer(admin -> files.writeServices(port, databases(admin)));
    }

    private void administer(Consumer<DSLContext> change) {
        try (Connection connection = connect("postgres", Role.SUPERUSER)) {
            change.accept(DSL.using(connection, SQLDialect.POSTGRES));
        } catch (SQLException e) {
            throw new RunbookException(
                    "dev: the embedded PostgreSQL refused its superuser (SQLSTATE " + e.getSQLState() + "). Its log: "
                            + server.log() + (kept ? ". The passwords are in " + files.passFile() : ""),
                    e);
        }
    }

    Connection connect(String database, Role role) throws SQLException {
        Properties credentials = new Properties();
        credentials.setProperty("user", role.user());
        credentials.setProperty("password", files.password(role));
        return DriverManager.getConnection(new DevDatabase(database, this).jdbcUrl(), credentials);
    }

    /** Makes this JVM resolve service names by our two files. */
    public void publish() {
        System.setProperty("org.postgresql.pgservicefile", files.serviceFile().toString());
        System.setProperty("org.postgresql.pgpassfile", files.passFile().toString());
    }

    /** For {@code PGSERVICEFILE}. */
    public Path serviceFile() {
        return files.serviceFile();
    }

    /** For {@code PGPASSFILE}. */
    public Path passFile() {
        return files.passFile();
    }

    public int port() {
        return port;
    }

    /** The server process. */
    public long pid() {
        return server.pid();
    }

    /** Stops in order and starts again, on the same port with the same databases; open sessions end. */
    public void restart() {
        server.stop();
        server.start(port);
    }

    /** Stops as a crash would: sessions end in mid-statement, the next start recovers from the log. */
    public void stopImmediately() {
        server.crash();
    }

    /** Starts again after {@link #stopImmediately()}. */
    public void resume() {
        server.start(port);
    }

    @Override
    public void close() {
        server.stop();
        if (lock != null) {
            lock.close();
        }
        if (!kept) {
            Folders.delete(folder);
        }
    }
}
