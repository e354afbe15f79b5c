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

    /** For how long the machine shows what it can do. */
    private static final Duration AT_MOST = Duration.ofSeconds(15);

    private static final double ROWS_A_SECOND = 65_000;

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
            return without(ground, 0, Math.min(AT_MOST.toSeconds(), rows / ROWS_A_SECOND))
                    .perSecond();
        });
        double rate = capacity * SHARE;
        say.accept(String.format(
                Locale.ROOT, "the machine does %,.0f writes/s; the application does %,.0f", capacity, rate));
        List<Double> ratios = new ArrayList<>();
        for (int pair = 1; pair <= pairs; pair++) {
            Beside copied = server.measure(template, ground -> with(ground, rate));
            double beside = copied.p99Millis();
            double alone = server.measure(template, ground -> {
                        EngineCopy.begin(ground.target(), migration);
                        return without(ground, rate, copied.seconds());
                    })
                    .p99Millis();
            figures.add("copy_beside", copied.seconds());
            figures.add("p99_without", alone / 1e3);
            figures.add("p99_beside", beside / 1e3);
            say.accept(
                    String.format(Locale.ROOT, "write p99 %.2f ms without the copy, %.2f ms beside it", alone, beside));
            ratios.add(beside / alone);
        }
        server.drop(template);
        figures.ratio(Arm.P99, Figures.median(ratios));
    }

    /** What the application felt of a copy that took so long. */
    private record Beside(double p99Millis, double seconds) {}

    /** For as long as the copy takes: what writes leave behind slows down later ones, with and without a copy. */
    private OpenLoop.Times without(Ground ground, double rate, double seconds) {
        try (OpenLoop writers = OpenLoop.start(ground.database(), processes(ground), rate)) {
            rest(OpenLoop.UNTIL_CONNECTED.plusMillis(Math.max(1_000, (long) (seconds * 1e3))));
            return writers.end();
        }
    }

    private Beside with(Ground ground, double rate) throws Exception {
        PhaseRequest request = EngineCopy.begin(ground.target(), migration);
        try (OpenLoop writers = OpenLoop.start(ground.database(), processes(ground), rate)) {
            rest(OpenLoop.UNTIL_CONNECTED);
            long began = System.nanoTime();
            Backfills.open(ground.target(), request, migration);
            EngineCopy.copy(ground.target(), request, migration);
            double seconds = (System.nanoTime() - began) / 1e9;
            say.accept(String.format(Locale.ROOT, "copy beside the writes: %,.0f rows/s", rows / seconds));
            return new Beside(writers.end().p99Millis(), seconds);
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
