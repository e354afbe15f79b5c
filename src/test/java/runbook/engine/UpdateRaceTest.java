package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.SQLDataType.BIGINT;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runbook.Eventually;
import runbook.OwnThread;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.spi.Update;

/** A change in place and the application at the same row: what the application wrote stays, and the counts are true. */
class UpdateRaceTest {

    private static final int ROWS = 3_000;
    private static final String CHANGE = "update copying.source set v = 'by hand' where k1 = 7";
    private static final String DELETION = "delete from copying.source where k1 = 7";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private CopyRig rig;
    private Update update;
    private Connection application;

    @BeforeEach
    void open() throws Exception {
        rig = new CopyRig(postgres);
        rig.tables(List.of(BIGINT), List.of("bigint"), "select n, null from generate_series(1, " + ROWS + ") n");
        PlainTable source = new PlainTable("source", "v", List.of(BIGINT));
        update = Update.of(source.key(), "values", source.text().isNull(), Map.of(source.text(), inline("filled")));
        application = postgres.database().connect(Role.RUNBOOK);
        application.setAutoCommit(false);
    }

    @AfterEach
    void close() throws Exception {
        application.close();
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {CHANGE, DELETION})
    void a_row_that_is_changed_or_deleted_under_its_batch_undoes_the_batch(String write) throws Exception {
        write(write);
        CompletableFuture<Batch.Counted> batch = CompletableFuture.supplyAsync(this::batch, OwnThread.EACH);
        Eventually.holds("the batch waits for the row", Duration.ofSeconds(20), () -> waiting() == 1);

        application.commit();

        assertThatThrownBy(() -> batch.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(UpdateBatch.Overtaken.class);
        assertThat(rig.number("select count(*) from copying.source where v = 'filled'"))
                .isZero();
        Batch.Counted again = batch();
        assertThat(again.copied()).isEqualTo(ROWS - 1);
        assertThat(again.copied() + again.skippedUnits()).isEqualTo(again.scanned());
        assertThat(rig.number("select count(*) from copying.source where k1 = 7 and v = 'filled'"))
                .isZero();
    }

    @Test
    void a_row_that_somebody_holds_is_passed_by_and_looked_at_again() throws Exception {
        PhaseRequest request = rig.begin(update, Map.of());
        write(CHANGE);
        CompletableFuture<PhaseReport> copy =
                CompletableFuture.supplyAsync(() -> rig.copy(request, update, 1), OwnThread.EACH);
        Eventually.holds(
                "all the others are done",
                Duration.ofSeconds(30),
                () -> rig.number("select count(*) from copying.source where v = 'filled'") == ROWS - 1);
        assertThat(copy).isNotDone();

        application.commit();

        PhaseReport report = copy.get(30, TimeUnit.SECONDS);
        assertThat(report.problems()).isEmpty();
        assertThat(rig.text("select v from copying.source where k1 = 7")).isEqualTo("by hand");
        assertThat(report.counts()).containsEntry("copied", ROWS - 1L);
    }

    private Batch.Counted batch() {
        return rig.target.inTransaction(tx -> {
            tx.execute("set local lock_timeout = 0");
            return Batch.of(update).run(tx, noCondition(), Batch.BACKFILL, Batch.Lock.WAIT);
        });
    }

    private void write(String sql) throws Exception {
        try (Statement statement = application.createStatement()) {
            statement.execute(sql);
        }
    }

    private long waiting() {
        return rig.number("select count(*) from pg_stat_activity where datname = current_database()"
                + " and wait_event = 'transactionid'");
    }
}
