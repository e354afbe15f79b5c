package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.Select;
import org.junit.jupiter.api.Test;
import runbook.engine.account.Account;
import runbook.engine.account.Accounts;
import runbook.message.CheckVerdict;
import runbook.message.Verdict;
import runbook.report.Report;

/** Every planted difference is found, by its key and its columns; what is equal is not. */
class ComparisonTest extends OneComparison {

    @Test
    void equal_rows_pass_and_are_counted() {
        rig.units(1_000);

        CheckVerdict verdict = rig.look(1, rig.comparison());

        assertThat(verdict.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(verdict.found()).isZero();
        assertThat(verdict.note()).startsWith("1000 rows against 1000 in ");
        assertThat(rig.number("select count(*) from runbook.violation")).isZero();
    }

    @Test
    void no_row_at_all_is_equal_to_none() {
        assertThat(rig.look(1, rig.comparison()).verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void rows_without_a_key_do_not_pass_however_many_chunks_there_are() {
        rig.units(30_000);
        rig.sql("insert into copying.new_rows values (0, 'lost its link', 1)");
        Function<Condition, Select<?>> linked = range -> select(rig.key().fields())
                .select(field("o.name"), field("o.amount"))
                .from(rig.key().table())
                .rightJoin(table("copying.new_rows o"))
                .on("o.k = {0}", rig.key().columns().get(0))
                .where(range);

        CheckVerdict verdict = rig.look(1, rig.between(rig.side("old_rows", "o.name", "o.amount"), linked));

        assertThat(verdict.verdict()).isEqualTo(Verdict.NOT_VERIFIED);
        assertThat(verdict.note()).contains("30000 rows against 30001 in ");
    }

    @Test
    void each_kind_of_difference_is_found_by_key_and_column() {
        rig.units(1_000);
        rig.sql("update copying.new_rows set name = 'other' where k = 10");
        rig.sql("update copying.new_rows set amount = -amount where k = 20");
        rig.sql("update copying.new_rows set name = '', amount = null where k = 30");
        rig.sql("delete from copying.new_rows where k = 40");
        rig.sql("delete from copying.old_rows where k = 50");
        rig.sql("insert into copying.new_rows select * from copying.new_rows where k = 60");
        rig.sql("insert into copying.units values (2000, 'v')");
        rig.sql("insert into copying.new_rows values (2000, 'late', 1)");

        CheckVerdict verdict = rig.look(1, rig.comparison());

        assertThat(verdict.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(verdict.found()).isEqualTo(7);
        assertThat(differences())
                .isEqualTo(Map.of(
                        "10", "name",
                        "20", "amount",
                        "30", "name, amount",
                        "40", "old alone",
                        "50", "new alone",
                        "60", "name, amount",
                        "2000", "new alone"));
    }

    @Test
    void rows_that_are_there_twice_do_not_cancel_each_other() {
        rig.units(10);
        rig.sql("insert into copying.old_rows values (3, 'twice', 1), (3, 'twice', 1)");
        rig.sql("insert into copying.new_rows values (3, 'other', 2), (3, 'other', 2)");

        assertThat(rig.look(1, rig.comparison()).found()).isOne();
        assertThat(differences()).isEqualTo(Map.of("3", "name, amount"));
    }

    @Test
    void two_rows_that_swapped_their_values_do_not_cancel_each_other() {
        rig.units(40);
        rig.sql("update copying.new_rows set name = 'name ' || case k % 2 when 0 then k - 1 else k + 1 end");
        Contrast contrast = Contrast.of(rig.target.dsl(), rig.comparison());

        for (int first = 1; first < 40; first += 2) {
            Condition both =
                    Sql.among(rig.key(), List.of(List.of(String.valueOf(first)), List.of(String.valueOf(first + 1))));
            assertThat(contrast.fingerprints(rig.target.dsl(), both).equal()).isFalse();
        }
    }

    @Test
    void rows_of_one_key_that_swapped_a_column_differ_in_their_combination() {
        rig.units(10);
        rig.sql("insert into copying.old_rows values (3, 'a', 1), (3, 'b', 2)");
        rig.sql("insert into copying.new_rows values (3, 'a', 2), (3, 'b', 1)");

        assertThat(rig.look(1, rig.comparison()).found()).isOne();
        assertThat(differences()).isEqualTo(Map.of("3", "name, amount"));
    }

    @Test
    void what_one_look_found_and_the_next_does_not_has_healed() {
        rig.units(100);
        rig.sql("update copying.new_rows set name = 'other' where k in (10, 20)");
        rig.look(1, rig.comparison());
        String since = rig.text("select seen_at from runbook.violation where key = '[\"20\"]'");
        rig.sql("update copying.new_rows set name = 'name 10' where k = 10");
        rig.sql("update copying.new_rows set amount = 0 where k = 20");

        CheckVerdict verdict = rig.look(2, rig.comparison());

        assertThat(verdict.found()).isOne();
        assertThat(differences()).isEqualTo(Map.of("20", "name, amount"));
        assertThat(rig.text("select seen_at from runbook.violation where key = '[\"20\"]'"))
                .isEqualTo(since);
        assertThat(rig.text("select key from runbook.violation where healed_at is not null"))
                .isEqualTo("[\"10\"]");
    }

    @Test
    void the_report_names_columns_and_only_when_asked_keys_and_values() {
        rig.units(100);
        rig.sql("update copying.new_rows set name = 'astray' where k = 77");
        rig.sql("delete from copying.new_rows where k = 78");
        rig.look(1, rig.comparison());

        String plain = Report.text(account(false));
        String revealed = Report.text(account(true));

        assertThat(plain)
                .containsSubsequence("Differences between the shapes", "missing in the new shape", "name")
                .doesNotContain("astray", "77", "78");
        assertThat(revealed).contains("[\"77\"]", "astray", "name 77", "[\"78\"]");
    }

    private Account account(boolean reveal) {
        return Accounts.of(rig.target, "comparing", new Catalog(List.of()), reveal);
    }

    /** What differs by key, of those that are still there. */
    private Map<String, String> differences() {
        return rig
                .rows("select key ->> 0 as key, coalesce(only_in || ' alone', array_to_string(columns, ', ')) as what"
                        + " from runbook.violation where healed_at is null")
                .stream()
                .collect(Collectors.toMap(ComparisonTest::key, row -> row.get("what", String.class)));
    }

    private static String key(Record row) {
        return row.get("key", String.class);
    }
}
