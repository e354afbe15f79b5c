package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.cli.dev.Role;
import runbook.engine.account.Account;
import runbook.engine.account.Accounts;
import runbook.message.Control;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Progress;
import runbook.message.Start;
import runbook.message.Verdict;
import runbook.report.Report;
import runbook.report.Standing;

/** A copy gives way between two batches, says to what, goes on by itself, and adds up what that took. */
class ThrottledCopyTest extends OneCopy {

    private static final String CHANGE = "update copying.source set v = v where k1 = 1";
    private static final Map<String, Object> NO_WAITERS = Map.of("limits", Map.of("lockWaiters", 0));

    ThrottledCopyTest() {
        super(3_000);
    }

    @Test
    void waits_while_somebody_waits_for_a_lock_and_adds_up_the_time() throws Exception {
        PhaseRequest request = rig.begin(insert, NO_WAITERS);
        CompletableFuture<PhaseReport> copying;
        try (Connection holder = session("begin", CHANGE);
                Connection waiter = session()) {
            CompletableFuture<Void> waiting = beside(() -> run(waiter, CHANGE));
            Eventually.holds("a session waits", Duration.ofSeconds(10), () -> lockWaits() == 1);

            copying = beside(() -> rig.copy(request, insert, 2));

            awaitThrottled(request, "lock waiters (1, limit 0) for ");
            assertThat(rig.number("select sum(scanned) from runbook.range")).isZero();
            assertThat(status()).contains("0 %, 0 units per second, throttled by lock waiters (1, limit 0) for ");
            Eventually.holds("a second is lost", Duration.ofSeconds(10), () -> lost("lockWaiters") > 500);
            assertThat(status()).containsPattern("\n  lost so far: [1-9][0-9]* s to lock waiters\n");
            run(holder, "commit");
            waiting.get();
        }

        PhaseReport report = copying.get();
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(rig.differences()).isZero();
        assertThat(report.summary()).contains("3000 copied", "; lost ", " s to lock waiters");
        assertThat(report.counts()).containsKey("milliseconds lost to lockWaiters");
        assertThat(lost("lockWaiters")).isBetween(500L, 30_000L);
        Progress after = progress(request);
        assertThat(after.throttled()).isEmpty();
        assertThat(after.lostMillis()).containsOnlyKeys("lockWaiters");
        assertThat(Report.text(account())).containsSubsequence("Time lost to throttling", "rows", "lock waiters");
        assertThat(Report.html(account())).contains("Time lost to throttling", "lock waiters");
    }

    @Test
    void waits_until_a_freeze_is_over() {
        Instant over = Instant.now().plusSeconds(4);
        PhaseRequest request = rig.begin(insert, Map.of("freezes", List.of("2020-01-01T00:00:00Z/" + over)));

        PhaseReport report = rig.copy(request, insert, 1);

        assertThat(Instant.now()).isAfter(over);
        assertThat(report.summary()).contains("; lost ").endsWith(" s to the schedule");
    }

    @Test
    void what_the_copy_did_not_need_is_built_when_a_freeze_is_over_that_came_meanwhile() {
        PhaseRequest request = rig.begin(insert, Map.of());
        rig.slots(request, insert, 1);
        Instant over = Instant.now().plusSeconds(3);
        Start frozen = rig.start("copying", Map.of("freezes", List.of("2020-01-01T00:00:00Z/" + over)));
        List<Object> beats = new CopyOnWriteArrayList<>();

        PhaseReport report = Backfills.finish(
                rig.target,
                new PhaseRequest(request.run(), frozen, request.phase(), 1),
                new Copying(List.of(insert)),
                beats::add);

        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(Instant.now()).isAfterOrEqualTo(over);
        assertThat(beats.toString()).contains("throttled by=schedule");
    }

    @Test
    void the_heartbeat_says_what_holds_it_up() throws Exception {
        PhaseRequest request = rig.begin(insert, closedBy("select 12"));
        List<Object> beats = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> copying = beside(() -> {
            new Copier(rig.target, request, insert, beats::add).copy(0, "slot");
            return null;
        });

        Eventually.holds(
                "it says so", Duration.ofSeconds(10), () -> beats.toString().contains("throttled by=custom"));
        control(request, "abort");

        assertThatThrownBy(copying::get).isInstanceOf(ExecutionException.class);
        assertThat(beats.toString()).contains("reading=12", "limit=10", "since=");
    }

    @Test
    void an_abort_ends_it_while_it_waits() throws Exception {
        PhaseRequest request = rig.begin(insert, closedBy("select 12"));
        CompletableFuture<PhaseReport> copying = beside(() -> rig.copy(request, insert, 1));
        awaitThrottled(request, "custom query (12, limit 10) for ");

        control(request, "abort");

        assertThatThrownBy(copying::get).hasMessageContaining("ended because an abort or a roll-back was asked for");
        assertThat(rig.number("select count(*) from copying.target")).isZero();
    }

    @Test
    void a_pause_is_obeyed_while_it_waits() throws Exception {
        rig.sql("create table copying.dial as select 12 as n");
        PhaseRequest request = rig.begin(insert, closedBy("select n from copying.dial"));
        List<Object> beats = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> copying = beside(() -> {
            new Copier(rig.target, request, insert, beats::add).copy(0, "slot");
            return null;
        });
        awaitThrottled(request, "custom query (12, limit 10) for ");

        control(request, "pause");
        rig.sql("update copying.dial set n = 0");
        Eventually.holds(
                "it says so", Duration.ofSeconds(20), () -> beats.toString().contains("paused=true"));
        assertThat(rig.number("select count(*) from copying.target")).isZero();
        long lost = lost("custom");
        int heard = beats.size();
        Eventually.holds("the pause lasts", Duration.ofSeconds(30), () -> beats.size() > heard + 3);
        control(request, "run");

        copying.get();
        assertThat(rig.number("select count(*) from copying.target")).isEqualTo(3_000);
        assertThat(lost("custom")).as("a pause is not lost to the signal").isBetween(1L, lost + 3_000);
    }

    @Test
    void a_wait_whose_worker_is_gone_is_not_told_as_one_that_lasts() throws Exception {
        PhaseRequest request = rig.begin(insert, closedBy("select 12"));
        CompletableFuture<PhaseReport> copying = beside(() -> rig.copy(request, insert, 1));
        awaitThrottled(request, "custom query (12, limit 10) for ");
        control(request, "abort");
        assertThatThrownBy(copying::get).isInstanceOf(ExecutionException.class);

        rig.sql("update runbook.throttle set changed_at = changed_at - interval '16 s'");

        assertThat(progress(request).throttled()).isEmpty();
    }

    private static Map<String, Object> closedBy(String query) {
        return Map.of("custom", query, "limits", Map.of("custom", 10));
    }

    private void awaitThrottled(PhaseRequest request, String words) throws Exception {
        Eventually.holds("throttled by " + words, Duration.ofSeconds(20), () -> progress(request)
                .throttled()
                .startsWith(words));
    }

    private Progress progress(PhaseRequest request) {
        return Backfills.progress(rig.target, request.run(), new Copying(List.of(insert)));
    }

    private long lost(String signal) {
        return rig.number("select coalesce(max(lost_millis), 0) from runbook.throttle where signal = '" + signal + "'");
    }

    private long lockWaits() {
        return rig.number("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                + " and datname = current_database()");
    }

    private Account account() {
        return Accounts.of(rig.target, "copying", new Catalog(List.of()), false);
    }

    @Test
    void the_status_tells_how_large_batches_are_and_why() {
        rig.begin(insert, Map.of());
        rig.sql(
                "update runbook.range set owner_slot = 0, batches = 1, batch_rows = 1500, batch_why = 'steered to 20 ms'");

        assertThat(status())
                .contains("\n  newest batch: 1500 rows, steered to 20 ms\n")
                .doesNotContain("lost so far");
    }

    private String status() {
        Account account = account();
        Progress progress = Backfills.progress(
                rig.target,
                new runbook.message.Run("copying", "t", account.run().id(), 1, "w", "r"),
                new Copying(List.of(insert)));
        return Standing.text(account, Standing.of(account, progress, null, List.of()));
    }

    private void control(PhaseRequest request, String wanted) {
        Controls.control(rig.target, new Control(request.run(), wanted, "bob", "test", wanted + System.nanoTime()));
    }

    private Connection session(String... statements) throws SQLException {
        Connection session = postgres.database().connect(Role.RUNBOOK);
        for (String statement : statements) {
            run(session, statement);
        }
        return session;
    }

    private static Void run(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
        return null;
    }

    private static <T> CompletableFuture<T> beside(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(work.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
