package runbook.engine.sweep;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import runbook.Eventually;

/** Kills, batch after batch, until everything is copied. */
final class Sweep implements AutoCloseable {

    private static final int SLOTS = 2;

    /** A slot is tried for as long as it takes, as Temporal does. */
    static final int FOR_EVER = 0;

    private static final long LOOK_MILLIS = 50;

    /** Long enough for a kill to fall into it, on a busy machine too. */
    private static final String SLOW_COMMIT = "0.3";

    private final SweptRun run;
    private final Random random;
    private final Tally tally = new Tally();
    private final Deque<Kill> deck = new ArrayDeque<>();
    private CopyProcess worker;
    private CopyProcess standby;

    private record Kill(Victim victim, Point point) {}

    Sweep(SweptRun run, long seed) throws Exception {
        this.run = run;
        this.random = new Random(seed);
        slowCommits();
        this.worker = run.worker(SLOTS, FOR_EVER).begun();
        this.standby = run.worker(SLOTS, FOR_EVER);
    }

    /** A COMMIT that takes a while when that is wanted: what a deferred constraint of the application also does. */
    private void slowCommits() throws SQLException {
        run.sql("""
                create schema sweep;
                create table sweep.commit_takes (seconds double precision not null);
                insert into sweep.commit_takes values (0);
                create function sweep.take() returns trigger language plpgsql security definer set search_path = '' as $$
                begin
                    perform pg_catalog.pg_sleep(seconds) from sweep.commit_takes where seconds > 0;
                    return null;
                end $$;
                grant usage on schema sweep to public;
                create constraint trigger sweep after update on runbook.range deferrable initially deferred
                    for each row execute function sweep.take()""");
    }

    private void commitTakes(String seconds) throws SQLException {
        run.sql("update sweep.commit_takes set seconds = " + seconds);
    }

    /**
     * Kills until everything is copied.
     *
     * @param enough so many kills that count; from then on the copy is left alone
     */
    Tally untilAllIsCopied(int enough) throws Exception {
        while (!worker.done()) {
            if (tally.counted() >= enough) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                continue;
            }
            if (deck.isEmpty()) {
                deck.addAll(shuffled());
            }
            strike(deck.remove());
        }
        return tally;
    }

    /** Each victim at each point, in another order each time. */
    private List<Kill> shuffled() {
        List<Kill> all = new ArrayList<>();
        for (Victim victim : Victim.values()) {
            for (Point point : EnumSet.complementOf(EnumSet.of(Point.BEGINNING))) {
                all.add(new Kill(victim, point));
            }
        }
        Collections.shuffle(all, random);
        return all;
    }

    private void strike(Kill kill) throws Exception {
        Optional<SeenBatch> batch = kill.point() == Point.ANYWHERE ? anywhere() : caught(kill.point());
        if (worker.done()) {
            return;
        }
        kill(kill.victim(), batch);
        if (kill.point() == Point.COMMITTING) {
            commitTakes("0");
        }
        @Nullable String transaction = batch.map(SeenBatch::transaction).orElse(null);
        if (batch.isEmpty() || transaction == null) {
            tally.idle(kill.victim());
            return;
        }
        boolean committed = committed(transaction, kill.victim());
        tally.count(kill.victim(), batch.get().stage(), committed);
    }

    /** Some batch, wherever it is; none when none is open. */
    private Optional<SeenBatch> anywhere() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
        Optional<SeenBatch> batch = run.proxy().open();
        batch.ifPresent(open -> open.numbered(run.transactionOf(open.link().backend())));
        return batch;
    }

    /** The next batch, held at the point; none when there is no next. */
    private Optional<SeenBatch> caught(Point point) throws Exception {
        while (true) {
            Trap trap = run.proxy().arm(point);
            while (!trap.isReached(LOOK_MILLIS)) {
                if (worker.done()) {
                    run.proxy().disarm();
                    return Optional.empty();
                }
            }
            @Nullable SeenBatch held = trap.held();
            if (held != null) {
                within(point, trap);
                return Optional.of(held);
            }
        }
    }

    /** Lets some time go by in what cannot be held. */
    private void within(Point point, Trap trap) throws Exception {
        if (point == Point.WRITING) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(4));
        } else if (point == Point.COMMITTING) {
            commitTakes(SLOW_COMMIT);
            trap.letGo();
            TimeUnit.MILLISECONDS.sleep(30);
        }
    }

    private void kill(Victim victim, Optional<SeenBatch> batch) throws Exception {
        switch (victim) {
            case WORKER -> {
                worker.kill();
                run.proxy().cutAll();
                worker = standby.begun();
                standby = run.worker(SLOTS, FOR_EVER);
            }
            case DATABASE -> {
                run.server().stopImmediately();
                run.proxy().cutAll();
                run.server().resume();
            }
            case BACKEND -> {
                if (batch.isPresent()) {
                    Link link = batch.get().link();
                    run.sql("select pg_terminate_backend(" + link.backend() + ")");
                    link.cut();
                }
            }
            case CONNECTION -> batch.ifPresent(open -> open.link().cut());
        }
    }

    /**
     * What became of a transaction, which may go on for a while after whoever wanted it is gone. A server that crashed
     * gives a number again that had not reached its disk: it is lost from the one on with which the recovery ended.
     */
    private boolean committed(String transaction, Victim victim) throws Exception {
        String status = "pg_xact_status('" + transaction + "'::xid8)";
        String query = victim == Victim.DATABASE
                ? "select case when " + transaction + " < split_part(next_xid, ':', 2)::bigint then " + status
                        + " else 'aborted' end from pg_control_checkpoint()"
                : "select " + status;
        Eventually.holds("a transaction ends whose worker is gone", Duration.ofSeconds(30), () -> !"in progress"
                .equals(run.text(query)));
        return "committed".equals(run.text(query));
    }

    @Override
    public void close() throws InterruptedException {
        worker.close();
        standby.close();
    }
}
