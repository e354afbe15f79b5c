package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.CLOB;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jooq.Record2;
import org.junit.jupiter.api.Test;
import runbook.cli.dev.Role;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;
import runbook.spi.RowMap;
import runbook.spi.Update;

/** What one copy does about rows that are refused, slots that idle, attempts that are late, and rows that stay. */
class CopyTest extends OneCopy {

    CopyTest() {
        super(30_000);
    }

    @Test
    void holds_exactly_the_refused_rows_and_copies_the_rest() {
        rig.sql("alter table copying.target add check (k1 % 7001 <> 0)");
        PhaseRequest request = rig.begin(insert, Map.of());

        PhaseReport report = rig.copy(request, insert, 2);

        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(report.counts())
                .containsEntry("scanned", 30_000L)
                .containsEntry("copied", 29_996L)
                .containsEntry("quarantined", 4L);
        assertThat(rig.rows("select key ->> 0 from runbook.quarantine order by 1")
                        .getValues(0))
                .isEqualTo(List.of("14002", "21003", "28004", "7001"));
        assertThat(rig.differences()).isEqualTo(4);
    }

    @Test
    void parks_when_the_budget_is_used_up() {
        rig.sql("alter table copying.target add check (k1 % 1000 <> 0)");
        PhaseRequest request = rig.begin(insert, Map.of("errorBudget", 3));

        assertThatThrownBy(() -> rig.copy(request, insert, 1))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageContaining("the database refused 4 rows, the error budget is 3.");
        rig.sql("alter table copying.target drop constraint target_k1_check");
        Backfills.open(rig.target, request, new Copying(List.of(insert)));
        PhaseReport report = rig.copy(request, insert, 2);

        assertThat(report.counts()).containsEntry("quarantined", 0L).containsEntry("copied", 30_000L);
        assertThat(rig.differences()).isZero();
    }

    @Test
    void parks_when_the_disk_is_full_and_holds_no_row_to_be_bad() {
        rig.sql("create function copying.full_disk() returns trigger language plpgsql as $$ begin"
                + " raise exception 'no space left on device' using errcode = '53100'; end $$");
        rig.sql("create trigger full_disk before insert on copying.target for each row when (new.k1 = 20001)"
                + " execute function copying.full_disk()");
        PhaseRequest request = rig.begin(insert, Map.of());

        assertThatThrownBy(() -> rig.copy(request, insert, 1))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageMatching(
                        "copying: backfill 'rows', range [0-9]+: the database's disk is full \\(SQLSTATE 53100\\)."
                                + " Nothing of this batch was written, no row is held to be bad, and everything before it is"
                                + " copied. Make room, then send the signal 'retry', or 'rollback'.");
        assertThat(rig.number("select count(*) from runbook.quarantine")).isZero();
        rig.sql("drop trigger full_disk on copying.target");
        Backfills.open(rig.target, request, new Copying(List.of(insert)));
        PhaseReport report = rig.copy(request, insert, 1);

        assertThat(report.counts()).containsEntry("scanned", 30_000L).containsEntry("copied", 30_000L);
        assertThat(rig.differences()).isZero();
    }

    @Test
    void parks_when_too_large_a_share_is_refused() {
        rig.sql("alter table copying.target add check (k1 < 1500 or k1 % 4 <> 0)");
        PhaseRequest request = rig.begin(insert, Map.of("errorBudget", 10_000, "errorsPerMille", 20));

        assertThatThrownBy(() -> rig.copy(request, insert, 1)).hasMessageContaining("the error budget is 20 of 1,000.");
        assertThat(rig.number("select count(*) from runbook.quarantine")).isBetween(20L, 300L);
    }

    @Test
    void claims_all_at_once_only_where_nobody_has_claimed_one() {
        PhaseRequest request = rig.begin(insert, Map.of());
        Batch batch = Batch.of(insert);
        rig.sql("insert into copying.claims values (29000, 'mirror')");

        assertThatThrownBy(() -> rig.target.inTransaction(
                        tx -> batch.run(tx, noCondition(), Batch.BACKFILL, Batch.Lock.UNCLAIMED)))
                .hasMessageContaining("claims_pkey");
        assertThat(rig.number("select count(*) from copying.target")).isZero();
        PhaseReport report = rig.copy(request, insert, 2);

        assertThat(report.counts()).containsEntry("copied", 29_999L).containsEntry("skipped", 1L);
    }

    @Test
    void passes_over_a_unit_that_somebody_claims_while_its_batch_runs() throws Exception {
        PhaseRequest request = rig.begin(insert, Map.of());
        try (Connection mirror = postgres.database().connect(Role.RUNBOOK)) {
            mirror.setAutoCommit(false);
            mirror.createStatement().execute("insert into copying.claims values (7, 'mirror')");
            Thread copy = new Thread(() -> rig.slots(request, insert, 1));
            copy.start();
            String waiting = "select count(*) from pg_stat_activity where wait_event = 'transactionid'";
            while (rig.number(waiting) == 0) {
                Thread.onSpinWait();
            }
            mirror.commit();
            copy.join();
        }

        assertThat(rig.number("select sum(copied) from runbook.range")).isEqualTo(29_999);
        assertThat(rig.number("select sum(units) from runbook.skip")).isEqualTo(1);
        assertThat(rig.number("select count(*) from runbook.problem")).isZero();
    }

    @Test
    void an_idle_slot_takes_half_of_what_another_has_before_it() {
        PhaseRequest request = rig.begin(insert, Map.of());
        rig.sql("delete from runbook.range where number > 1");
        rig.sql("update runbook.range set upto_key = '[\"30000\"]', expected = 30000");

        rig.slots(request, insert, 2);

        assertThat(rig.number("select count(*) from runbook.range")).isGreaterThan(1);
        assertThat(rig.number("select min(scanned) from runbook.range")).isGreaterThan(1_000);
        assertThat(rig.number("select sum(scanned) from runbook.range")).isEqualTo(30_000);
        assertThat(rig.differences()).isZero();
    }

    @Test
    void refuses_the_batch_of_an_attempt_that_comes_back_late() throws Exception {
        PhaseRequest request = rig.begin(insert, Map.of());
        CountDownLatch asleep = new CountDownLatch(1);
        CountDownLatch wake = new CountDownLatch(1);
        AtomicInteger beats = new AtomicInteger();
        Pulse sleeper = detail -> {
            if (beats.incrementAndGet() == 3) {
                asleep.countDown();
                await(wake);
            }
        };
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread zombie = new Thread(() -> {
            try {
                new Copier(rig.target, request, insert, sleeper).copy(0, "first attempt");
            } catch (RuntimeException e) {
                end.set(e);
            }
        });
        zombie.start();
        asleep.await();

        rig.copy(request, insert, 1);
        wake.countDown();
        zombie.join();

        assertThat(end.get()).isInstanceOf(RunbookException.Fenced.class).hasMessageContaining("taken it over");
        assertThat(rig.number("select sum(scanned) from runbook.range")).isEqualTo(30_000);
        assertThat(rig.differences()).isZero();
    }

    @Test
    void fills_a_column_in_place_and_leaves_alone_what_has_its_value() {
        rig.sql("alter table copying.source add filled text");
        rig.sql("create table copying.names (k1 bigint primary key, called text not null)");
        rig.sql("insert into copying.names select n, 'n' || n from generate_series(1, 20000) n");
        rig.sql("update copying.source set filled = 'by hand' where k1 % 3 = 0");
        rig.sql("alter table copying.source add check (filled <> 'n1' and filled <> 'n10001')");
        PlainTable source = new PlainTable("source", "filled", List.of(BIGINT));
        Update update = Update.of(
                        source.key(),
                        "names",
                        source.text().isNull(),
                        Map.of(source.text(), field(name("names", "called"), CLOB)))
                .from(table(name("copying", "names")), condition("names.k1 = source.k1"))
                .except("even", condition("source.k1 % 2 = 0"));
        PhaseRequest request = rig.begin(update, Map.of());

        PhaseReport report = rig.copy(request, update, 2);

        assertThat(report.problems()).isEmpty();
        assertThat(report.counts())
                .containsEntry("scanned", 30_000L)
                .containsEntry("copied", 6_665L)
                .containsEntry("skipped", 23_333L)
                .containsEntry("quarantined", 2L);
        assertThat(rig.number("select count(*) from copying.source where filled = 'n' || k1"))
                .isEqualTo(6_665);
        assertThat(rig.number("select count(*) from copying.source where filled = 'by hand'"))
                .isEqualTo(10_000);
    }

    @Test
    void maps_rows_in_java_and_holds_those_that_it_cannot_map() {
        PlainTable source = new PlainTable("source", "v", List.of(BIGINT));
        PlainTable copied = new PlainTable("target", "v", List.of(BIGINT));
        PlainTable claims = new PlainTable("claims", "claimed_by", List.of(BIGINT));
        rig.sql("insert into copying.claims select n, 'mirror' from generate_series(1, 100) n");
        RowMap<Record2<Long, String>, PlainTable.Row> map = RowMap.per(source.key(), "rows")
                .from(range -> select(field(name("k1"), BIGINT), source.text())
                        .from(source)
                        .where(range))
                .into(copied, "1", unit -> rowsOf(copied, unit))
                .claiming(claims.key(), claims.text())
                .except("even", condition("k1 % 2 = 0"));
        PhaseRequest request = rig.begin(map, Map.of());

        PhaseReport report = rig.copy(request, map, 2);

        assertThat(report.problems()).isEmpty();
        assertThat(report.counts())
                .containsEntry("scanned", 30_000L)
                .containsEntry("skipped", 15_050L)
                .containsEntry("quarantined", 2L)
                .containsEntry("copied", 14_948L);
        assertThat(rig.number("select count(*) from copying.target where v = 'mapped v' || abs(k1)"))
                .isEqualTo(2 * 14_948);
        assertThat(rig.number("select count(*) from runbook.problem where text like '%cannot be read%'"))
                .isEqualTo(2);
    }

    /** Two rows of each unit, and none of some. */
    private static List<PlainTable.Row> rowsOf(PlainTable copied, Record2<Long, String> unit) {
        if (unit.value1() == 777 || unit.value1() == 20_001) {
            throw new IllegalArgumentException("cannot be read");
        }
        List<PlainTable.Row> rows = new ArrayList<>();
        for (long number : new long[] {unit.value1(), -unit.value1()}) {
            PlainTable.Row row = new PlainTable.Row(copied);
            row.set(field(name("k1"), BIGINT), number);
            row.set(copied.text(), "mapped " + unit.value2());
            rows.add(row);
        }
        return rows;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
