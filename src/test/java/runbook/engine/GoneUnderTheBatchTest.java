package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.CLOB;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.spi.Insert;

/** What the application deletes while a batch runs is no fault of the data: the batch looks again. */
class GoneUnderTheBatchTest extends OneCopy {

    private static final int ROWS = 20;

    GoneUnderTheBatchTest() {
        super(ROWS);
    }

    /** The text of each row is the name of somebody, or nobody; row 7 is held up until somebody has gone. */
    private Insert named() {
        rig.sql("create table copying.people (name text primary key)");
        rig.sql("insert into copying.people select 'v' || n from generate_series(1, 20) n");
        rig.sql("alter table copying.target add constraint somebody foreign key (v) references copying.people");
        rig.sql("""
                create function copying.held_up() returns trigger language plpgsql as $$
                begin
                    while exists (select from copying.people where name = 'v7') loop
                        perform pg_sleep(0.01);
                    end loop;
                    return new;
                end $$""");
        rig.sql("create trigger held_up before insert on copying.target for each row when (new.k1 = 7)"
                + " execute function copying.held_up()");
        PlainTable source = new PlainTable("source", "v", List.of(BIGINT));
        var person = field(name("people", "name"), CLOB);
        return new Insert(
                insert.name(),
                insert.unit(),
                range -> select(field(name("source", "k1"), BIGINT), field(name("source", "k1"), BIGINT), person)
                        .from(source)
                        .leftJoin(table(name("copying", "people")))
                        .on(condition("people.name = source.v"))
                        .where(range),
                insert.columns(),
                insert.claims(),
                insert.claimedBy(),
                List.of());
    }

    /** As soon as a batch sleeps in the middle of its statement. */
    private Thread goes() {
        Thread application = new Thread(() -> {
            while (rig.number("select count(*) from pg_stat_activity where wait_event = 'PgSleep'") == 0) {
                Thread.onSpinWait();
            }
            rig.sql("delete from copying.people where name = 'v7'");
        });
        application.start();
        return application;
    }

    @Test
    @Timeout(60)
    void a_row_is_copied_as_it_is_when_the_batch_looks_again() throws Exception {
        Insert named = named();
        PhaseRequest request = rig.begin(named, Map.of());
        Thread application = goes();

        PhaseReport report = rig.copy(request, named, 1);
        application.join();

        assertThat(report.counts()).containsEntry("copied", (long) ROWS).containsEntry("quarantined", 0L);
        assertThat(rig.number("select count(*) from copying.target where k1 = 7 and v is null"))
                .isEqualTo(1);
        assertThat(rig.number("select count(*) from copying.target where v is null"))
                .isEqualTo(1);
    }

    /** Between the last try at row 1, which is refused, and the quarantine: whoever waits for the range is first. */
    @Test
    @Timeout(60)
    void the_row_after_one_that_is_gone_is_not_held_in_its_place() throws Exception {
        rig.sql("create table copying.deletes (pid integer)");
        rig.sql("""
                create function copying.refuse() returns trigger language plpgsql as $$
                begin
                    while exists (select from copying.deletes) and not exists (
                            select from pg_locks natural join copying.deletes where not granted) loop
                        perform pg_sleep(0.01);
                    end loop;
                    raise 'is bad' using errcode = '23514';
                end $$""");
        rig.sql("create trigger refuse before insert on copying.target for each row when (new.k1 = 1)"
                + " execute function copying.refuse()");
        PhaseRequest request = rig.begin(insert, Map.of());
        List<Thread> deletes = new ArrayList<>();
        // The first row is alone in its batch only after the last halving, however fast batches were before.
        Pulse pulse = detail -> {
            if (detail.toString().contains("done=0, batchRows=1}") && deletes.isEmpty()) {
                deletes.add(deletesBeforeTheQuarantine());
            }
        };

        new Copier(rig.target, request, insert, pulse).copy(0, "slot 0");
        deletes.get(0).join();

        assertThat(rig.number("select count(*) from runbook.quarantine")).isZero();
        assertThat(rig.number("select sum(copied) from runbook.range")).isEqualTo(ROWS - 1);
        assertThat(rig.differences()).isZero();
    }

    private Thread deletesBeforeTheQuarantine() {
        rig.sql("insert into copying.deletes values (0)");
        Thread application = new Thread(() -> {
            while (rig.number("select count(*) from pg_stat_activity where wait_event = 'PgSleep'") == 0) {
                Thread.onSpinWait();
            }
            rig.target.inTransaction(tx -> {
                tx.execute("set local lock_timeout = '20s'");
                rig.sql("update copying.deletes set pid = "
                        + tx.fetchSingle("select pg_backend_pid()").get(0));
                // A lock on the row could go to the copy, which asks for it while the application is still waking up.
                tx.execute("lock table runbook.range in exclusive mode");
                tx.execute("delete from copying.source where k1 = 1");
                return tx.execute("truncate copying.deletes");
            });
        });
        application.start();
        return application;
    }

    /** A sequence counts the attempts, since it is not rolled back; from 1,000 rows nine halvings lead to the single one. */
    @Test
    void a_row_alone_in_its_batch_is_looked_at_five_times_before_it_is_held() {
        rig.sql("create sequence copying.looks");
        rig.sql("""
                create function copying.refuse() returns trigger language plpgsql as $$
                begin
                    if nextval('copying.looks') <= 9 + 5 then
                        raise 'is not there' using errcode = '23503';
                    end if;
                    return new;
                end $$""");
        rig.sql("create trigger refuse before insert on copying.target for each row when (new.k1 = 1)"
                + " execute function copying.refuse()");
        PhaseRequest request = rig.begin(insert, Map.of());

        PhaseReport report = rig.copy(request, insert, 1);

        assertThat(report.counts()).containsEntry("copied", (long) ROWS).containsEntry("quarantined", 0L);
        assertThat(rig.differences()).isZero();
    }

    @Test
    void a_lock_that_is_waited_for_after_another_look_is_waited_for_from_now_on() {
        Attempts attempts = new Attempts(rig.target, "range 1");

        assertThat(attempts.again()).isTrue();

        assertThatCode(() -> attempts.gaveWay(new DataAccessException("lock timeout")))
                .doesNotThrowAnyException();
    }
}
