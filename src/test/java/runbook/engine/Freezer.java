package runbook.engine;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import runbook.Eventually;

/** Sessions whose holder stands still before a statement, in the middle of its transaction, as one under SIGSTOP does. */
final class Freezer implements AutoCloseable {

    private final Target target;
    private final String statement;
    private final CountDownLatch frozen = new CountDownLatch(1);
    private final CountDownLatch thawed = new CountDownLatch(1);

    /** @param statement a part of the one that is not sent */
    Freezer(Target like, String statement) throws SQLException {
        HikariDataSource pool = like.sessions().unwrap(HikariDataSource.class);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(pool.getJdbcUrl());
        config.setConnectionInitSql(pool.getConnectionInitSql());
        config.setMaximumPoolSize(1);
        this.statement = statement;
        this.target = new Target(like.name(), new HikariDataSource(config) {
            @Override
            public Connection getConnection() throws SQLException {
                return freezing(super.getConnection());
            }
        });
    }

    Target target() {
        return target;
    }

    void awaitFrozen() throws Exception {
        Eventually.holds("frozen before " + statement, Duration.ofSeconds(20), () -> frozen.getCount() == 0);
    }

    void thaw() {
        thawed.countDown();
    }

    private Connection freezing(Connection session) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (own, method, given) -> {
                    if (method.getName().equals("prepareStatement")
                            && String.valueOf(given[0]).contains(statement)) {
                        frozen.countDown();
                        thawed.await();
                    }
                    try {
                        return method.invoke(session, given);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    @Override
    public void close() {
        thaw();
        target.close();
    }
}
