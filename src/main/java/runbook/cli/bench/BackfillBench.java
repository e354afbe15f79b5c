package runbook.cli.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import runbook.cli.dev.DevDatabase;
import runbook.engine.Scripts;

/** All arms on one server, in turn, so that whatever slows the machine down slows each of them down. */
public final class BackfillBench {

    private static final int TEN_TIMES = 10;

    private static final String PEOPLE = """
            insert into bench.people
            select n, 'Person ' || n from generate_series(1, greatest(100, %1$d / 10)) n
            """;

    static final String ACCOUNTS = """
            insert into bench.accounts (id, status, created_by, created_at, note)
            select n, (array['draft', 'pending_documents', 'under_review', 'approved', 'completed'])[1 + n %% 5],
                1 + (n * 7919) %% greatest(100, %1$d / 10), timestamptz '2019-01-07 09:00+00' + n * interval '1 minute',
                md5(n::text)
            from generate_series(1::bigint, %1$d) n
            """;

    private final Settings settings;
    private final Consumer<String> say;
    private final BenchServer server;
    private final Figures figures = new Figures();

    /** What to measure: with fewer rows than a million it is a rehearsal, and nothing is judged. */
    public record Settings(long rows, int rounds, Set<Arm> arms) {

        public static final long JUDGED = 1_000_000;

        public boolean judged() {
            return rows >= JUDGED;
        }

        boolean asked(Arm arm) {
            return arms.contains(arm);
        }

        /** A tail needs more rounds than a median. */
        int pairs() {
            return rounds < 3 ? rounds : rounds + 2;
        }
    }

    private BackfillBench(Settings settings, Consumer<String> say, BenchServer server) {
        this.settings = settings;
        this.say = say;
        this.server = server;
    }

    /** Measures; what is going on is said meanwhile. */
    public static Figures run(Settings settings, Consumer<String> say) throws Exception {
        try (BenchServer server = BenchServer.start()) {
            server.introduce(say);
            BackfillBench bench = new BackfillBench(settings, say, server);
            bench.measure();
            return bench.figures;
        }
    }

    private void measure() throws Exception {
        DevDatabase accounts = accounts("bench", settings.rows());
        for (int round = 1; round <= settings.rounds(); round++) {
            round(accounts);
        }
        server.drop(accounts);
        if (asked(Arm.P99)) {
            new WritersBeside(server, settings.rows(), say).measure(settings.pairs(), figures);
        }
        if (asked(Arm.GROWTH)) {
            DevDatabase more = accounts("bench_more", settings.rows() * TEN_TIMES);
            for (int round = 1; round <= settings.rounds(); round++) {
                engine("engine_10x", more, BenchMigration.insert());
            }
            server.drop(more);
            figures.ratio(Arm.GROWTH, figures.median("engine_10x") / figures.median("engine"));
        }
        compare(Arm.ONE_SHOT, "one_shot", "engine");
        compare(Arm.LOOP, "loop", "engine_copy");
        compare(Arm.UPDATE, "engine_update", "engine");
        compare(Arm.ROW_MAP, "engine_row_map", "engine");
        compare(Arm.PGROLL, "pgroll", "engine_update");
    }

    private void round(DevDatabase accounts) throws Exception {
        EngineCopy copied = engine("engine", accounts, BenchMigration.insert());
        took("engine_copy", copied.copy());
        if (asked(Arm.ONE_SHOT)) {
            took("one_shot", server.measure(accounts, OtherWays::oneShot));
        }
        if (asked(Arm.LOOP)) {
            int rows = (int) Math.max(1, copied.batchRows());
            took("loop", server.measure(accounts, ground -> OtherWays.loop(ground, rows)));
        }
        Optional<Pgroll> pgroll = asked(Arm.PGROLL) ? Pgroll.found() : Optional.empty();
        if (asked(Arm.UPDATE) || pgroll.isPresent()) {
            engine("engine_update", accounts, BenchMigration.update());
        }
        if (asked(Arm.ROW_MAP)) {
            engine("engine_row_map", accounts, BenchMigration.map());
        }
        if (pgroll.isPresent()) {
            took("pgroll", server.measure(accounts, pgroll.get()::fill));
        } else if (asked(Arm.PGROLL)) {
            say.accept("pgroll is not on the PATH; its arm is left out");
        }
    }

    private EngineCopy engine(String name, DevDatabase template, BenchMigration migration) throws Exception {
        EngineCopy copied = server.measure(template, ground -> EngineCopy.of(ground.target(), migration));
        took(name, copied.whole());
        return copied;
    }

    private DevDatabase accounts(String name, long rows) throws Exception {
        say.accept(String.format(Locale.ROOT, "filling %,d rows …", rows));
        return server.template(name, target -> {
            Scripts.install(target);
            Scripts.createLegacy(target, "bench");
            target.dsl().execute(PEOPLE.formatted(rows));
            target.dsl().execute(ACCOUNTS.formatted(rows));
        });
    }

    private void took(String name, double seconds) {
        figures.add(name, seconds);
        say.accept(String.format(Locale.ROOT, "%-28s %8.2f s", name, seconds));
    }

    private void compare(Arm arm, String other, String own) {
        if (asked(arm)) {
            figures.compare(arm, other, own);
        }
    }

    private boolean asked(Arm arm) {
        return settings.asked(arm);
    }
}
