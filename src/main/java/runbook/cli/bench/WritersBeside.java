package runbook.cli.bench;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import runbook.cli.bench.BenchServer.Ground;
import runbook.cli.dev.DevDatabase;
import runbook.engine.Backfills;
import runbook.engine.Scripts;
import runbook.message.PhaseRequest;
import runbook.migrations.individualprocessstatus.IndividualProcessStatus;
import runbook.sample.Samples;
import runbook.spi.Migration;

/**
 * What the application feels: a bundled migration with its mirrors in place, writers at a quarter of what the machine can
 * do, with the copy beside them and without, in turn.
 */
final class WritersBeside {

    private static final double SHARE = 0.25;
    private static final long ROWS_A_SECOND = 65_000;
    private static final long LONGEST_SECONDS = 15;

    private final Migration migration = new IndividualProcessStatus();
    private final BenchServer server;
    private final long rows;
    private final Consumer<String> say;

    WritersBeside(BenchServer server, long rows, Consumer<String> say) {
        this.server = server;
        this.rows = rows;
        this.say = say;
    }

    void measure(int pairs, Figures figures) throws Exception {
        DevDatabase template = server.template("beside", target -> {
            Scripts.install(target);
            Scripts.createLegacy(target, migration.name());
            try (Connection owner = target.session()) {
                Samples.named(migration.name()).create(owner, rows, 1);
            }
        });
        double capacity = server.measure(template, ground -> {
            EngineCopy.begin(ground.target(), migration);
            return without(ground, 0).perSecond();
        });
        double rate = capacity * SHARE;
        say.accept(String.format(
                Locale.ROOT, "the machine does %,.0f writes/s; the application does %,.0f", capacity, rate));
        List<Double> ratios = new ArrayList<>();
        for (int pair = 1; pair <= pairs; pair++) {
            double alone = server.measure(template, ground -> {
                        EngineCopy.begin(ground.target(), migration);
                        return without(ground, rate);
                    })
                    .p99Millis();
            double beside = server.measure(template, ground -> with(ground, rate, figures));
            figures.add("p99_without", alone / 1e3);
            figures.add("p99_beside", beside / 1e3);
            say.accept(
                    String.format(Locale.ROOT, "write p99 %.2f ms without the copy, %.2f ms beside it", alone, beside));
            ratios.add(beside / alone);
        }
        server.drop(template);
        figures.ratio(Arm.P99, Figures.median(ratios));
    }

    private OpenLoop.Times without(Ground ground, double rate) {
        try (OpenLoop writers = OpenLoop.start(ground.database(), processes(ground), rate)) {
            long seconds = Math.max(1, Math.min(LONGEST_SECONDS, rows / ROWS_A_SECOND));
            rest(OpenLoop.UNTIL_CONNECTED.plusSeconds(seconds));
            return writers.end();
        }
    }

    private double with(Ground ground, double rate, Figures figures) throws Exception {
        PhaseRequest request = EngineCopy.begin(ground.target(), migration);
        try (OpenLoop writers = OpenLoop.start(ground.database(), processes(ground), rate)) {
            rest(OpenLoop.UNTIL_CONNECTED);
            long began = System.nanoTime();
            Backfills.open(ground.target(), request, migration);
            EngineCopy.copy(ground.target(), request, migration);
            double seconds = (System.nanoTime() - began) / 1e9;
            figures.add("copy_beside", seconds);
            say.accept(String.format(Locale.ROOT, "copy beside the writes: %,.0f rows/s", rows / seconds));
            return writers.end().p99Millis();
        }
    }

    private static void rest(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static long[] processes(Ground ground) {
        return ground.target().dsl().fetch("select id from individual_process_status.individual_processes").stream()
                .mapToLong(row -> row.get(0, Long.class))
                .toArray();
    }
}
