package runbook.engine.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.engine.Target;
import runbook.message.Run;

/** Three small tables that belong to {@code runbook}: with keys, with a reference, and without any key. */
final class Shop {

    static final Table<?> CUSTOMERS = DSL.table(DSL.name("shop", "customers"));
    static final Table<?> ORDERS = DSL.table(DSL.name("shop", "orders"));
    static final Table<?> VISITS = DSL.table(DSL.name("shop", "visits"));
    static final List<Table<?>> TABLES = List.of(CUSTOMERS, ORDERS, VISITS);

    private static final String SQL = """
            create schema shop;
            create table shop.customers (
                id bigint generated always as identity primary key, email text not null unique, credit integer not null);
            create table shop.orders (
                id bigserial primary key, customer bigint not null references shop.customers, status text);
            create table shop.visits (page text, seconds integer);
            insert into shop.customers (email, credit) select 'c' || i || '@example.org', 100 from generate_series(1, 50) i;
            insert into shop.orders (customer, status) select 1 + i % 50, 'open' from generate_series(1, 200) i;
            insert into shop.visits select 'page ' || i % 3, i % 2 from generate_series(1, 30) i;
            """;

    private Shop() {}

    static void build(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(SQL);
        }
    }

    static Run run(Target target) {
        return new Run("shop", target.name(), 42, 1, "shop", "r");
    }

    /** Names of what is in a folder; nothing when there is none. */
    static List<String> files(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Databases of drills on the server. */
    static List<String> scratches(Target target) {
        return target.dsl()
                .fetch("select datname from pg_catalog.pg_database where datname like 'runbook\\_drill%' order by 1")
                .getValues(0, String.class);
    }

    static long count(Target target, String condition) {
        return target.dsl().fetchSingle("select count(*) from " + condition).get(0, Long.class);
    }
}
