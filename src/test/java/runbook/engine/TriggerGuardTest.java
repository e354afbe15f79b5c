package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.SQLDataType.BIGINT;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.OwnThread;
import runbook.cli.dev.Role;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;
import runbook.spi.Update;

/** That filling one column in place leaves the others alone, whatever the application's triggers do. */
class TriggerGuardTest extends OneCopy {

    private static final String STAMP = """
            create trigger "Stamps" before update on copying.source for each row %s execute function copying.stamp()""";

    private final PlainTable source = new PlainTable("source", "filled", List.of(BIGINT));
    private final PlainTable stamped = new PlainTable("source", "changed_at", List.of(BIGINT));

    TriggerGuardTest() {
        super(3_000);
    }

    @BeforeEach
    void stamp() {
        rig.sql("alter table copying.source add filled text, add changed_at text default 'long ago',"
                + " add louder text generated always as (upper(filled)) stored");
        rig.sql("""
                create function copying.stamp() returns trigger language plpgsql as $$
                begin
                    new.changed_at := 'now';
                    return new;
                end $$""");
    }

    private Update filling() {
        return Update.of(source.key(), "filled", source.text().isNull(), Map.of(source.text(), inline("full")));
    }

    private long stamped() {
        return rig.number("select count(*) from copying.source where changed_at = 'now'");
    }

    @Test
    void a_column_that_a_trigger_changes_besides_parks_with_both_names() {
        rig.sql(STAMP.formatted(""));
        PhaseRequest request = rig.begin(filling(), Map.of());

        assertThatThrownBy(() -> rig.copy(request, filling(), 1))
                .hasStackTraceContaining("backfill 'filled': a trigger on copying.source (\"Stamps\") also changes"
                        + " changed_at of the rows that the copy writes. Nothing of this range was copied.");

        assertThat(stamped()).isZero();
        assertThat(rig.number("select count(*) from copying.source where filled is not null"))
                .isZero();
    }

    @Test
    void a_declared_column_may_change() {
        rig.sql(STAMP.formatted(""));
        Update update = filling().touching(stamped.text());
        PhaseRequest request = rig.begin(update, Map.of());

        PhaseReport report = rig.copy(request, update, 1);

        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(stamped()).isEqualTo(3_000);
    }

    @Test
    void a_trigger_that_lets_the_copy_pass_changes_nothing() {
        rig.sql(STAMP.formatted("when (current_setting('runbook.mirror', true) is distinct from 'on')"));
        PhaseRequest request = rig.begin(filling(), Map.of());

        PhaseReport report = rig.copy(request, filling(), 1);

        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(report.counts()).containsEntry("copied", 3_000L);
        assertThat(stamped()).isZero();
    }

    @Test
    void a_disabled_trigger_is_nobody_s_concern() {
        rig.sql(STAMP.formatted(""));
        rig.sql("alter table copying.source disable trigger \"Stamps\"");
        PhaseRequest request = rig.begin(filling(), Map.of());

        assertThat(rig.copy(request, filling(), 1).counts()).containsEntry("copied", 3_000L);
    }

    @Test
    void a_trigger_that_keeps_the_copy_from_writing_parks_at_once() {
        rig.sql("create function copying.keep() returns trigger language plpgsql as 'begin return null; end'");
        rig.sql("create trigger keeps before update on copying.source for each row when (new.k1 = 7)"
                + " execute function copying.keep()");
        PhaseRequest request = rig.begin(filling(), Map.of());

        parksAsKept(request);
        rig.sql("create or replace trigger keeps before update on copying.source for each row"
                + " execute function copying.keep()");
        parksAsKept(request);

        assertThat(rig.number("select count(*) from copying.source where filled is not null"))
                .isZero();
    }

    private void parksAsKept(PhaseRequest request) {
        assertThatThrownBy(() -> rig.slots(request, filling(), 1))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageStartingWith("copying: backfill 'filled'")
                .hasMessageContaining(": units that nobody else holds were not written. A trigger on copying.source"
                        + " (keeps) that returns NULL does that.");
    }

    @Test
    void a_table_that_is_locked_for_a_moment_is_looked_at_later() throws Exception {
        rig.sql(STAMP.formatted(""));
        PhaseRequest request = rig.begin(filling(), Map.of());
        List<Object> beats = new CopyOnWriteArrayList<>();
        try (Connection holder = postgres.database().connect(Role.RUNBOOK)) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("lock table copying.source in share mode");
            CompletableFuture<Void> copy = CompletableFuture.runAsync(
                    () -> new Copier(rig.target, request, filling(), beats::add).copy(0, "slot 0"), OwnThread.EACH);
            Eventually.holds(
                    "it gives way",
                    Duration.ofSeconds(20),
                    () -> copy.isDone() || beats.toString().contains("a row lock"));

            holder.commit();

            assertThatThrownBy(() -> copy.get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("(\"Stamps\") also changes changed_at");
        }
        assertThat(stamped()).isZero();
    }
}
