package runbook.cli.bench;

import static org.jooq.impl.DSL.select;
import static runbook.generated.bench.Tables.ACCOUNTS;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jooq.Condition;
import org.jooq.Select;
import org.jooq.Table;
import runbook.cli.bench.BackfillBench.Settings;
import runbook.cli.bench.BenchServer.Ground;
import runbook.cli.dev.DevDatabase;
import runbook.engine.Proof;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Scripts;
import runbook.generated.bench.tables.Accounts;
import runbook.message.CheckVerdict;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.spi.Comparison;
import runbook.spi.Key;

/** Two tables of six columns with three differences, compared by the engine and by others. */
public final class ValidationBench {

    /** A column of one row changed, a row missing, a row too many. */
    private static final int PLANTED = 3;

    private static final String OTHER = """
            create table bench.accounts_after (like bench.accounts including all);
            insert into bench.accounts_after select * from bench.accounts where id <> %1$d / 2;
            update bench.accounts_after set note = 'astray' where id = %1$d / 3;
            delete from bench.accounts where id = %1$d / 5
            """;

    /** As {@code ./runbook plan} prints it, with the readings of these columns. */
    private static final String SCAN = """
            select count(*), sum(hashint4extended(0, hash_record_extended(row(int8send(id), status, int8send(created_by),
                timestamptz_send(created_at), note, standing), -7046029254386353131)))
            from bench.%s
            """;

    private static final Accounts EITHER = ACCOUNTS.as("either");

    private final BenchServer server;
    private final Consumer<String> say;
    private final Figures figures = new Figures();

    private ValidationBench(BenchServer server, Consumer<String> say) {
        this.server = server;
        this.say = say;
    }

    /** Measures; what is going on is said meanwhile. */
    public static Figures run(Settings settings, Consumer<String> say) throws Exception {
        try (BenchServer server = BenchServer.start()) {
            server.introduce(say);
            ValidationBench bench = new ValidationBench(server, say);
            bench.measure(settings);
            return bench.figures;
        }
    }

    private void measure(Settings settings) throws Exception {
        say.accept(String.format(Locale.ROOT, "filling twice %,d rows …", settings.rows()));
        DevDatabase filled = server.template("compared", target -> {
            Scripts.install(target);
            Scripts.createLegacy(target, "bench");
            target.dsl().execute(BackfillBench.ACCOUNTS.formatted(settings.rows()));
            target.dsl().execute(OTHER.formatted(settings.rows()));
        });
        Optional<Reladiff> reladiff = settings.asked(Arm.RELADIFF) ? Reladiff.found() : Optional.empty();
        if (settings.asked(Arm.RELADIFF) && reladiff.isEmpty()) {
            say.accept("reladiff is not on the PATH; its arm is left out");
        }
        for (int round = 1; round <= settings.rounds(); round++) {
            took("engine", server.measure(filled, ValidationBench::engine));
            if (settings.asked(Arm.SCAN)) {
                took("scan", server.measure(filled, ValidationBench::scan));
            }
            if (reladiff.isPresent()) {
                took("reladiff", server.measure(filled, ground -> reladiff.get().compare(ground, PLANTED)));
            }
        }
        figures.compare(Arm.SCAN, "scan", "engine");
        figures.compare(Arm.RELADIFF, "reladiff", "engine");
    }

    private void took(String name, double seconds) {
        figures.add(name, seconds);
        say.accept(String.format(Locale.ROOT, "%-28s %8.2f s", name, seconds));
    }

    private static double engine(Ground ground) {
        PhaseRequest begun = EngineCopy.begin(ground.target(), BenchMigration.insert());
        PhaseRequest request = new PhaseRequest(begun.run(), begun.start(), Phase.VALIDATION, 1);
        warm(ground);
        long began = System.nanoTime();
        CheckVerdict verdict = new Proof(ground.target(), request, Pulse.NONE)
                .comparisons(List.of(comparison()))
                .get(0);
        double seconds = (System.nanoTime() - began) / 1e9;
        if (verdict.found() != PLANTED) {
            throw new RunbookException("bench: the engine found " + verdict.found() + " differences, expected "
                    + PLANTED + ": " + verdict.note() + ". No figure was taken.");
        }
        return seconds;
    }

    private static double scan(Ground ground) throws Exception {
        warm(ground);
        return ground.seconds(SCAN.formatted("accounts"), SCAN.formatted("accounts_after"));
    }

    /** A copy of a database begins with none of its pages in memory; nobody's figure is to say so. */
    private static void warm(Ground ground) {
        ground.target().dsl().execute("select sum(length(note)) from bench.accounts");
        ground.target().dsl().execute("select sum(length(note)) from bench.accounts_after");
    }

    /** One key for both tables: each side reads its own under the name that the key knows. */
    private static Comparison comparison() {
        return Comparison.claim("both tables are the same", Key.of(EITHER.ID))
                .before(range -> side(EITHER, range))
                .after(range -> side(ACCOUNTS.rename("accounts_after").as("either"), range));
    }

    private static Select<?> side(Table<?> accounts, Condition range) {
        return select(accounts.fields()).from(accounts).where(range);
    }
}
