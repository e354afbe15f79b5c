package runbook.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jooq.DataType;
import org.jooq.impl.DSL;
import runbook.TestPostgres;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Start;
import runbook.spi.Backfill;
import runbook.spi.Insert;

/** Tables to copy from and to, a run, and slots that copy, without Temporal. */
final class CopyRig extends EngineRig {

    CopyRig(TestPostgres postgres) {
        super(postgres);
        sql("create schema copying");
    }

    /** A source, a target and a ledger with this key; the source is filled by a query that gives key and text. */
    Insert tables(List<DataType<?>> types, List<String> sqlTypes, String rows) {
        List<String> columns = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            columns.add("k" + (i + 1) + " " + sqlTypes.get(i) + " not null");
            names.add("k" + (i + 1));
        }
        String key = String.join(", ", names);
        String declared = String.join(", ", columns);
        sql("create table copying.source (%s, v text, primary key (%s))".formatted(declared, key));
        sql("create table copying.target (%s, v text, primary key (%s))".formatted(declared, key));
        sql("create table copying.claims (%s, claimed_by text not null, primary key (%s))".formatted(declared, key));
        sql("insert into copying.source " + rows);
        sql("analyze copying.source");
        PlainTable source = new PlainTable("source", "v", types);
        PlainTable copied = new PlainTable("target", "v", types);
        PlainTable claims = new PlainTable("claims", "claimed_by", types);
        List<org.jooq.Field<?>> read = new ArrayList<>(source.key().fields());
        read.addAll(source.key().fields());
        read.add(source.text());
        List<org.jooq.TableField<?, ?>> written = new ArrayList<>(copied.key().columns());
        written.add(copied.text());
        return new Insert(
                "rows",
                source.key(),
                range -> DSL.select(read).from(source).where(range),
                written,
                claims.key(),
                claims.text(),
                List.of());
    }

    PhaseRequest begin(Backfill backfill, Map<String, Object> input) {
        Copying migration = new Copying(List.of(backfill));
        Start start = start(migration.name(), input);
        PhaseRequest request = new PhaseRequest(own(start, migration, "first"), start, Phase.BACKFILL, 1);
        Backfills.open(target, request, migration);
        return request;
    }

    /** Copies with so many slots at once and finishes; what a slot threw is thrown. */
    PhaseReport copy(PhaseRequest request, Backfill backfill, int slots) {
        slots(request, backfill, slots);
        return Backfills.finish(target, request, new Copying(List.of(backfill)), Pulse.NONE);
    }

    /** Where one fails, the others are told to end, as a run does it. */
    void slots(PhaseRequest request, Backfill backfill, int count) {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            CompletionService<Integer> slots = new ExecutorCompletionService<>(threads);
            for (int slot = 0; slot < count; slot++) {
                int number = slot;
                Copier copier = new Copier(target, request, backfill, CopyRig::beat);
                slots.submit(() -> copier.copy(number, "slot " + number), number);
            }
            for (int ended = 0; ended < count; ended++) {
                slots.take().get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            end(threads);
        }
    }

    private static void beat(Object detail) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException(String.valueOf(detail));
        }
    }

    private static void end(ExecutorService threads) {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a slot does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Rows that only one of both tables holds. */
    long differences() {
        return number("select count(*) from ((table copying.source except all table copying.target)"
                + " union all (table copying.target except all table copying.source)) d");
    }
}
