package runbook;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.DevPostgres;
import runbook.cli.dev.Role;

/**
 * Gives each test a database of its own, copied from a template in 110 to 250 ms. All tests of a JVM share one server,
 * whose service file is the one that this JVM reads.
 *
 * <pre>{@code
 * @RegisterExtension
 * final TestPostgres postgres = TestPostgres.prepared("legacy", connection -> …);
 * }</pre>
 */
public final class TestPostgres implements BeforeEachCallback, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(TestPostgres.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String template;
    private final Preparation preparation;
    private @Nullable Shared shared;
    private @Nullable DevDatabase database;

    /** Fills a template, connected as role {@code runbook}. */
    @FunctionalInterface
    public interface Preparation {
        void prepare(Connection connection) throws SQLException;
    }

    /** The server and the templates that were made on it; closed by JUnit at the end of all tests. */
    private record Shared(DevPostgres server, Map<String, DevDatabase> templates) implements AutoCloseable {

        static Shared start() {
            // A test that restarts the server or fills its disk starts one of its own.
            DevPostgres server =
                    DevPostgres.start(DevPostgres.Options.temporary().with("max_connections", "200"));
            server.publish();
            return new Shared(server, new ConcurrentHashMap<>());
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private TestPostgres(String template, Preparation preparation) {
        this.template = template;
        this.preparation = preparation;
    }

    /** Empty databases. */
    public static TestPostgres empty() {
        return prepared("empty", connection -> {});
    }

    /** Copies of a template that is filled once per JVM; the name stands for what the preparation does. */
    public static TestPostgres prepared(String template, Preparation preparation) {
        return new TestPostgres(template, preparation);
    }

    /** The database of the running test. */
    public DevDatabase database() {
        if (database == null) {
            throw new IllegalStateException("no test is running");
        }
        return database;
    }

    /** The name by which {@code pg_service.conf} knows the database of the running test. */
    public String target() {
        return database().service(Role.RUNBOOK);
    }

    /** One more database from the same template, dropped with the server. */
    public DevDatabase another() {
        return copy(shared());
    }

    public DevPostgres server() {
        return shared().server();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        shared = context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                .computeIfAbsent(Shared.class, key -> Shared.start(), Shared.class);
        database = copy(shared);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (database != null) {
            server().drop(database);
            database = null;
        }
    }

    private Shared shared() {
        if (shared == null) {
            throw new IllegalStateException("no test is running");
        }
        return shared;
    }

    private DevDatabase copy(Shared on) {
        DevDatabase original = on.templates().computeIfAbsent(template, name -> {
            DevDatabase made = on.server().create("template_" + name);
            try (Connection connection = made.connect(Role.RUNBOOK)) {
                preparation.prepare(connection);
            } catch (SQLException e) {
                throw new IllegalStateException("template " + name + " could not be filled", e);
            }
            return made;
        });
        return on.server().create("t" + NUMBER.incrementAndGet(), original);
    }
}
