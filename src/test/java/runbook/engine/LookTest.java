package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jooq.Record;
import org.jooq.Result;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.cli.dev.Role;
import runbook.engine.ComparisonRig.Comparing;
import runbook.engine.ComparisonRig.Killed;
import runbook.engine.ComparisonRig.Looking;
import runbook.engine.account.Accounts;
import runbook.message.CheckVerdict;
import runbook.message.PhaseReport;
import runbook.message.Verdict;
import runbook.spi.Comparison;

/** How a comparison goes, chunk by chunk: killed, refused, held up, by two at once, while others write. */
class LookTest extends OneComparison {

    /** Chunks of 2,000 keys at first. */
    private static final int SEVERAL_CHUNKS = 90_000;

    private static final String CHUNKS =
            "select number, changed_at from runbook.chunk where verdict is not null" + " order by number";

    @Test
    void a_killed_look_goes_on_where_it_was() {
        rig.units(SEVERAL_CHUNKS);
        rig.sql("update copying.new_rows set name = 'other' where k in (5, 89999)");
        assertThatThrownBy(() ->
                        rig.look(rig.attempt(1), rig.comparison(), Looking.ALONE.beating(ComparisonRig.killing(3))))
                .isInstanceOf(Killed.class);
        Result<Record> before = rig.rows(CHUNKS);
        assertThat(before).hasSize(2);

        CheckVerdict verdict = rig.look(1, rig.comparison());

        assertThat(rig.rows(CHUNKS).subList(0, 2)).isEqualTo(before);
        assertThat(verdict.found()).isEqualTo(2);
        assertThat(verdict.note()).startsWith("90000 rows against 90000 in ");
        assertThat(rig.number("select count(*) from runbook.violation where healed_at is null"))
                .isEqualTo(2);
    }

    @Test
    void a_look_that_went_on_is_as_old_as_its_oldest_chunk() {
        rig.units(SEVERAL_CHUNKS);
        assertThatThrownBy(() ->
                        rig.look(rig.attempt(1), rig.comparison(), Looking.ALONE.beating(ComparisonRig.killing(3))))
                .isInstanceOf(Killed.class);
        rig.sql("update runbook.chunk set changed_at = changed_at - interval '25 h' where number = 2");
        Comparing comparing = new Comparing(List.of(rig.comparison()));

        Validation.validate(rig.target, rig.attempt(1), comparing, Pulse.NONE);

        assertThat(blockingCutover(1, comparing))
                .anySatisfy(line -> assertThat(line).contains("the newest validation is 25 h old"));
        assertThat(Accounts.of(rig.target, "comparing", new Catalog(List.of()), false)
                        .checks())
                .filteredOn(check -> check.name().equals(ComparisonRig.CLAIM))
                .singleElement()
                .satisfies(check -> assertThat(Duration.between(check.asOf(), check.checkedAt()))
                        .isGreaterThan(Duration.ofHours(24)));

        Validation.validate(rig.target, rig.attempt(2), comparing, Pulse.NONE);
        assertThat(blockingCutover(2, comparing))
                .noneSatisfy(line -> assertThat(line).contains("h old"));
    }

    private List<String> blockingCutover(int attempt, Comparing comparing) {
        return Decisions.gather(rig.target, rig.attempt(attempt), comparing, "cutover", "salt")
                .blocking();
    }

    @Test
    void another_attempt_and_another_statement_begin_anew() {
        rig.units(1_000);
        rig.look(1, rig.comparison());
        Result<Record> first = rig.rows(CHUNKS);

        rig.look(1, rig.comparison("o.name"));
        Result<Record> second = rig.rows(CHUNKS);
        rig.look(2, rig.comparison("o.name"));

        assertThat(second).isNotEqualTo(first).hasSameSizeAs(first);
        assertThat(rig.rows(CHUNKS)).isNotEqualTo(second).hasSameSizeAs(first);
    }

    @Test
    void a_look_that_is_over_says_nothing_of_what_was_written_since() {
        rig.units(1_000);
        assertThat(rig.look(1, rig.comparison()).verdict()).isEqualTo(Verdict.PASSED);
        rig.sql("update copying.new_rows set name = 'other' where k = 5");

        assertThat(rig.look(1, rig.comparison()).found()).isOne();
        rig.sql("update copying.new_rows set name = 'name 5' where k = 5");
        assertThat(rig.look(1, rig.comparison()).verdict()).isEqualTo(Verdict.PASSED);
        assertThat(rig.number("select count(*) from runbook.violation where healed_at is null"))
                .isZero();
    }

    @Test
    void who_was_replaced_keeps_nothing() {
        rig.units(1_000);
        Pulse replacing = detail -> {
            if (detail.toString().contains("chunk=1")) {
                rig.sql("update runbook.look set token = 'a later attempt'");
            }
        };

        assertThatThrownBy(() -> rig.look(rig.attempt(1), rig.comparison(), Looking.ALONE.beating(replacing)))
                .isInstanceOf(RunbookException.Fenced.class)
                .hasMessageContaining("a later attempt goes on with it");
        assertThat(rig.number("select count(*) from runbook.chunk where verdict is not null"))
                .isZero();
    }

    @Test
    void two_slots_share_the_chunks() {
        rig.units(SEVERAL_CHUNKS);
        rig.sql("update copying.new_rows set name = 'other' where k % 10000 = 0");
        Queue<String> beats = new ConcurrentLinkedQueue<>();

        CheckVerdict verdict = rig.look(
                rig.attempt(1),
                rig.comparison(),
                Looking.ALONE.slots(2).beating(detail -> beats.add(detail.toString())));

        assertThat(verdict.found()).isEqualTo(9);
        assertThat(verdict.note()).startsWith("90000 rows against 90000 in ");
        assertThat(beats.toString()).contains("slot=1", "slot=2");
        assertThat(rig.number("select count(*) from runbook.chunk c join runbook.chunk d on d.number = c.number + 1"
                        + " where c.upto_key is distinct from d.after_key"))
                .isZero();
    }

    @Test
    void a_slot_that_fails_ends_the_other() {
        rig.units(SEVERAL_CHUNKS);
        Comparison sleeping = rig.comparison("o.name", "case o.k % 20000 when 1 then pg_sleep(60)::text end");
        Pulse second = detail -> {
            if (detail.toString().contains("slot=2")) {
                untilTheOtherSleeps();
                throw new Killed();
            }
        };
        long began = System.nanoTime();

        assertThatThrownBy(() -> rig.look(
                        rig.attempt(1),
                        sleeping,
                        Looking.ALONE.within(Duration.ofMinutes(10)).slots(2).beating(second)))
                .isInstanceOf(Killed.class);
        assertThat(asleep()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
    }

    private void untilTheOtherSleeps() {
        try {
            Eventually.holds("the other one sleeps", Duration.ofSeconds(10), () -> asleep() > 0);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private long asleep() {
        return rig.number("select count(*) from pg_stat_activity where query like '%pg_sleep(60)%'"
                + " and state = 'active' and pid <> pg_backend_pid()");
    }

    @Test
    void what_was_found_counts_beside_what_was_not_verified() {
        rig.units(SEVERAL_CHUNKS);
        rig.sql("update copying.new_rows set name = 'other' where k = 1");

        CheckVerdict verdict = rig.look(1, rig.comparison("case o.k when 30000 then 1 / (o.k - 30000) end", "o.name"));

        assertThat(verdict.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(verdict.found()).isOne();
        assertThat(verdict.note()).containsPattern("1 of them not verified: chunk \\d+: SQLSTATE 22012");
    }

    @Test
    void after_three_chunks_that_cannot_be_compared_the_rest_is_left_out_and_nothing_passes() {
        rig.units(SEVERAL_CHUNKS);
        Comparison broken = rig.comparison("1 / (o.k * 0)");

        PhaseReport report =
                Validation.validate(rig.target, rig.attempt(1), new Comparing(List.of(broken)), Pulse.NONE);

        assertThat(report.verdict()).isEqualTo(Verdict.NOT_VERIFIED);
        assertThat(report.problems()).singleElement().asString().contains("not verified", "the rest was left out");
        assertThat(rig.number("select count(*) from runbook.chunk where verdict = 'not_verified'"))
                .as("chunks, one more where another slot was in the middle of it")
                .isBetween((long) Chunks.MOST_NOT_VERIFIED, Chunks.MOST_NOT_VERIFIED + 3L);
        assertThat(rig.number("select count(*) from runbook.chunk where upto_key is null"))
                .isZero();
        assertThat(blockingCutover(1, new Comparing(List.of(broken))))
                .anySatisfy(line -> assertThat(line).contains("is not verified"));
    }

    @Test
    void sides_that_cannot_be_compared_at_all_are_not_verified() {
        rig.units(10);
        Comparison uneven = rig.between(rig.side("old_rows", "o.name", "o.amount"), rig.side("new_rows", "o.name"));

        CheckVerdict verdict = rig.look(1, uneven);

        assertThat(verdict.verdict()).isEqualTo(Verdict.NOT_VERIFIED);
        assertThat(verdict.note()).contains("reads 3 columns of the old shape and 2 of the new one");
    }

    @Test
    void a_difference_that_is_gone_at_the_next_look_is_told_as_healed() throws Exception {
        rig.units(100);
        rig.sql("update copying.new_rows set name = 'other' where k in (7, 8)");
        Comparison waiting =
                rig.comparison("o.name", "case o.k when 1 then pg_advisory_xact_lock_shared(42)::text end");
        CompletableFuture<CheckVerdict> look;
        try (Connection other = postgres.database().connect(Role.RUNBOOK)) {
            other.createStatement().execute("select pg_advisory_lock(42)");

            look = CompletableFuture.supplyAsync(() -> rig.look(1, waiting));
            Eventually.holds(
                    "the first look waits",
                    Duration.ofSeconds(5),
                    () -> rig.number("select count(*) from pg_locks where locktype = 'advisory' and not granted") > 0);
            other.createStatement().execute("update copying.new_rows set name = 'name 7' where k = 7");
            other.createStatement().execute("select pg_advisory_unlock(42)");
        }

        CheckVerdict verdict = look.get();
        assertThat(verdict.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(verdict.found()).isOne();
        assertThat(verdict.note()).contains("1 key differed at first and had healed by the next look");
        assertThat(rig.text(
                        "select key::text || ' ' || columns::text from runbook.violation where healed_at is not null"))
                .isEqualTo("[\"7\"] {name}");
        assertThat(rig.text("select key from runbook.violation where healed_at is null"))
                .isEqualTo("[\"8\"]");
    }

    @Test
    void a_cancel_during_the_second_look_is_no_difference() {
        rig.units(100);
        rig.sql("update copying.new_rows set name = 'other' where k = 7");
        // The first look outlasts this moment, the second begins behind it.
        String moment = "'" + rig.text("select now() + interval '2 s'") + "'::timestamptz";
        Comparison cancelled = rig.comparison(
                "o.name",
                "case when o.k <> 1 then 0 when now() > " + moment
                        + " then 1 / (o.k - 1) else length(pg_sleep(greatest(0, extract(epoch from " + moment
                        + " - clock_timestamp()) + 0.1))::text) end");
        Pulse cancelling = detail -> {
            if (!detail.toString().contains("slot=")) {
                throw new Killed();
            }
        };

        assertThatThrownBy(() -> rig.look(rig.attempt(1), cancelled, Looking.ALONE.beating(cancelling)))
                .isInstanceOf(Killed.class);
        assertThat(rig.number("select count(*) from runbook.chunk where verdict is not null"))
                .isZero();
    }
}
