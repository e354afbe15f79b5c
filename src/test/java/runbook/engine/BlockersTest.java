package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import runbook.cli.dev.Role;

/** Who is named as a blocker is one: no session of ours, and nobody who only has been there for long. */
class BlockersTest extends OneCopy {

    private Connection idle;
    private Connection holder;

    BlockersTest() {
        super(10);
    }

    @BeforeEach
    void connect() throws Exception {
        idle = session("select 'old'");
        holder = session("select 1");
    }

    @AfterEach
    void disconnect() throws Exception {
        idle.close();
        holder.close();
    }

    private Connection session(String first) throws Exception {
        Connection session = postgres.database().connect(Role.RUNBOOK);
        session.setAutoCommit(false);
        run(session, first);
        return session;
    }

    private static void run(Connection session, String sql) throws Exception {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    private int pid(Connection session) throws Exception {
        try (Statement statement = session.createStatement();
                var row = statement.executeQuery("select pg_backend_pid() as newest")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** As a batch does it, but with time for a busy machine to look. */
    private void triesUntilItParks() {
        Attempts attempts = new Attempts(rig.target, "range 1", Duration.ZERO);
        while (true) {
            try {
                attempts.run(() -> rig.target.inTransaction(tx -> {
                    tx.execute("set local lock_timeout = '2s'");
                    return tx.execute("update copying.source set v = 'ours' where k1 = 4");
                }));
                return;
            } catch (DataAccessException e) {
                attempts.gaveWay(e);
            }
        }
    }

    @Test
    void whoever_holds_the_row_is_named_without_values_and_nobody_who_only_writes_beside_it() throws Exception {
        run(idle, "update copying.source set v = 'beside' where k1 = 5");
        int pid = pid(holder);
        run(holder, "update copying.source set v = 'secret' where k1 = 4");

        assertThatThrownBy(this::triesUntilItParks)
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageContaining(" Blocked by pid " + pid + " (runbook, ")
                .hasMessageContaining(", idle in transaction, transaction open for ")
                .hasMessageContaining("newest statement: update copying.source set v = ? where k1 = ?). Everything")
                .hasMessageNotContaining("; ");
    }

    @Test
    void whoever_holds_the_table_is_named() throws Exception {
        int pid = pid(holder);
        run(holder, "lock table copying.source in access exclusive mode");

        assertThatThrownBy(this::triesUntilItParks)
                .hasMessageContaining(" Blocked by pid " + pid + " (")
                .hasMessageNotContaining("; ");
    }

    @Test
    void who_is_only_there_is_no_blocker_and_our_own_sessions_are_not_told() throws Exception {
        int pid = pid(idle);
        holder.rollback();

        String sentence = rig.target.inTransaction(tx -> {
            tx.execute("update copying.source set v = v");
            return Blockers.sentence(rig.target, List.of());
        });

        assertThat(sentence)
                .startsWith("No blocker was seen; the oldest transactions of others: pid " + pid + " (")
                .doesNotContain("; pid");
        idle.rollback();
        assertThat(Blockers.sentence(rig.target, List.of()))
                .isEqualTo("No blocker was seen; no transaction of others is open.");
    }
}
