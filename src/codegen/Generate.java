import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.Target;
import org.slf4j.LoggerFactory;

/**
 * Writes the jOOQ classes of every schema below {@code db/}. They come from a PostgreSQL that Flyway has just migrated, so
 * a query that compiles fits the SQL files. The build calls it with two paths: {@code db} and {@code target}.
 */
public final class Generate {
    private static final String ENGINE = "runbook";
    private static final List<String> FOLDERS = List.of("legacy", "schema", "constraints");
    private static final String HISTORY = "flyway_";

    private final Path db;
    private final Path target;
    private final Path sources;

    private Generate(Path db, Path target) {
        this.db = db;
        this.target = target;
        this.sources = target.resolve("generated-sources/jooq");
    }

    public static void main(String[] args) throws Exception {
        var generation = new Generate(Path.of(args[0]), Path.of(args[1]));
        var hash = generation.target.resolve("jooq.sha256");
        var wanted = generation.hash(Path.of(args[2]));
        if (Files.isDirectory(generation.sources)
                && Files.exists(hash)
                && Files.readString(hash).equals(wanted)) {
            return;
        }
        Files.deleteIfExists(hash);
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        ((Logger) LoggerFactory.getLogger("org.flywaydb")).setLevel(Level.ERROR);
        try {
            generation.run();
        } catch (FlywayException e) {
            // The message names file, line and statement; forty lines of stack would hide it.
            System.err.println(e.getMessage());
            System.exit(1);
        }
        Files.writeString(hash, wanted);
    }

    private void run() throws Exception {
        delete(sources);
        Files.createDirectories(sources);
        var schemas = schemas();
        if (schemas.isEmpty()) {
            return;
        }
        var server = target.resolve("codegen-postgres");
        try (var postgres = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(server.toFile())
                .setPGStartupWait(Duration.ofMinutes(1))
                .setServerConfig("fsync", "off")
                .setServerConfig("full_page_writes", "off")
                .start()) {
            for (var schema : schemas) {
                migrate(postgres.getPostgresDatabase(), schema);
            }
            for (var schema : schemas) {
                generate(postgres.getJdbcUrl("postgres", "postgres"), schema);
            }
        } finally {
            delete(server);
        }
        System.out.println("Generated the tables of " + String.join(", ", schemas));
    }

    /** The engine's schema comes first, since the SQL of a migration may use its functions. */
    private List<String> schemas() throws IOException {
        if (!Files.isDirectory(db)) {
            return List.of();
        }
        try (var folders = Files.list(db)) {
            return folders.filter(Files::isDirectory)
                    .filter(folder -> !scripts(folder).isEmpty())
                    .map(folder -> folder.getFileName().toString())
                    .sorted(Comparator.comparing((String name) -> !name.equals(ENGINE))
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        }
    }

    private void migrate(DataSource database, String schema) {
        if (schema.equals(ENGINE)) {
            migrate(database, schema, db.resolve(schema), HISTORY + "schema_history");
            return;
        }
        FOLDERS.stream()
                .filter(folder -> !sql(db.resolve(schema).resolve(folder)).isEmpty())
                .forEach(folder -> migrate(database, schema, db.resolve(schema).resolve(folder), HISTORY + folder));
    }

    private static void migrate(DataSource database, String schema, Path scripts, String history) {
        var flyway = Flyway.configure()
                .dataSource(database)
                .defaultSchema(schema)
                .schemas(schema)
                .table(history)
                .locations("filesystem:" + scripts)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .placeholderReplacement(false);
        // A lock held in a transaction makes CREATE INDEX CONCURRENTLY wait for Flyway's own session, for ever.
        flyway.getConfigurationExtension(PostgreSQLConfigurationExtension.class).setTransactionalLock(false);
        flyway.load().migrate();
    }

    private void generate(String url, String schema) throws Exception {
        var name = schema.equals(ENGINE) ? "engine" : schema.replace("_", "");
        GenerationTool.generate(new Configuration()
                .withLogging(Logging.WARN)
                .withJdbc(new Jdbc()
                        .withDriver("org.postgresql.Driver")
                        .withUrl(url)
                        .withUser("postgres")
                        .withPassword("postgres"))
                .withGenerator(new Generator()
                        .withDatabase(new Database()
                                .withName("org.jooq.meta.postgres.PostgresDatabase")
                                .withInputSchema(schema)
                                .withExcludes(HISTORY + ".*"))
                        .withGenerate(new org.jooq.meta.jaxb.Generate()
                                .withRecords(true)
                                .withDaos(false)
                                .withPojos(false)
                                .withJavaTimeTypes(true)
                                .withGeneratedAnnotation(false))
                        .withTarget(new Target()
                                .withPackageName("runbook.generated." + name)
                                .withDirectory(sources.toString()))));
    }

    /** Covers the SQL, this program and the versions of all libraries. */
    private String hash(Path program) throws IOException, NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-256");
        digest.update(System.getProperty("java.class.path").getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(program));
        for (var schema : schemas()) {
            for (var script : scripts(db.resolve(schema))) {
                digest.update(db.relativize(script).toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(script));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static List<Path> scripts(Path schema) {
        if (schema.endsWith(ENGINE)) {
            return sql(schema);
        }
        return FOLDERS.stream()
                .flatMap(folder -> sql(schema.resolve(folder)).stream())
                .toList();
    }

    /** With the {@code .sql.conf} files beside them, which change how Flyway runs a script. */
    private static List<Path> sql(Path folder) {
        return Files.isDirectory(folder)
                ? tree(folder).stream()
                        .filter(file -> file.toString().contains(".sql"))
                        .sorted()
                        .toList()
                : List.of();
    }

    private static List<Path> tree(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            for (var file :
                    tree(root).stream().sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
