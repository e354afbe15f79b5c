package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.DOUBLE;
import static org.jooq.impl.SQLDataType.NUMERIC;

import java.util.List;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Select;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import runbook.engine.ComparisonRig.Comparing;
import runbook.message.CheckVerdict;
import runbook.message.Verdict;
import runbook.spi.Comparison;

/** Sides that would be compared as something that neither is are refused, before a row is copied. */
class ComparabilityTest extends OneComparison {

    @BeforeEach
    void types() {
        rig.sql("create domain public.amount as numeric");
        rig.sql("create collation public.folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
    }

    @Test
    void a_difference_that_a_union_would_hide_does_not_pass() {
        rig.units(10);
        rig.sql("update copying.old_rows set amount = 0.1 where k = 3");
        rig.sql("update copying.new_rows set amount = 0.10000000000000000001 where k = 3");

        CheckVerdict verdict =
                rig.look(1, rig.between(rig.side("old_rows", "o.amount"), rig.side("new_rows", "o.amount::float8")));

        assertThat(verdict.verdict()).isEqualTo(Verdict.NOT_VERIFIED);
        assertThat(verdict.note())
                .contains("column 2 (amount) is numeric in the old shape and double precision in the new one")
                .contains("Cast it in the comparison");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    5::numeric | 5::double precision
                    5::bigint | 5::real
                    'a'::char(5) | 'a'::varchar
                    'a'::char(5) | 'a'::text
                    now() | now()::timestamp
                    now()::timestamp | now()::date
                    1 | '1'
                    5::public.amount | 5::double precision
                    """)
    void types_that_meet_in_another_are_refused(String before, String after) {
        assertThat(problems(before, after)).singleElement().asString().contains("Cast it in the comparison");
        assertThat(problems(after, before)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    5::smallint | 5::bigint
                    5::bigint | 5::numeric
                    5::numeric(4,2) | 5::numeric
                    5::public.amount | 5::numeric
                    0.1::real | 0.1::double precision
                    'a'::varchar(5) | 'a'::text
                    'x' | 'x'::text
                    'a'::char(5) | 'a'::char(8)
                    'a'::text collate "C" | 'a'::text
                    """)
    void types_of_which_one_holds_the_other_are_compared(String before, String after) {
        assertThat(problems(before, after)).isEmpty();
        assertThat(problems(after, before)).isEmpty();
    }

    @Test
    void values_that_one_side_folds_are_refused_and_so_are_two_collations() {
        assertThat(problems("'a'::text", "'a'::text collate public.folding"))
                .singleElement()
                .asString()
                .contains("has the collation \"default\" in the old shape and public.folding in the new one")
                .contains("COLLATE \"C\"");
        assertThat(problems("'a'::text collate \"C\"", "'a'::text collate \"und-x-icu\""))
                .hasSize(1);
    }

    @Test
    void a_key_that_is_ordered_in_two_ways_is_refused() {
        Comparison comparison = rig.between(keyed("'a'::text"), keyed("'a'::text collate \"C\""));

        assertThat(Comparability.problems(rig.target.dsl(), comparison))
                .singleElement()
                .asString()
                .contains("of its key, has the collation \"default\" in the old shape and \"C\" in the new one")
                .contains("ALTER COLUMN … TYPE text COLLATE \"default\"");
    }

    @Test
    void nothing_is_copied_that_cannot_be_compared() {
        Comparing comparing = new Comparing(List.of(rig.between(side("5::numeric"), side("5::double precision"))));

        assertThatThrownBy(() -> Backfills.open(rig.target, rig.attempt(1), comparing))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageContaining("Cast it in the comparison")
                .hasMessageContaining("Nothing was copied.");

        Comparing later = new Comparing(List.of(rig.between(rig.side("old_rows"), rig.side("comes_later"))));
        Backfills.open(rig.target, rig.attempt(1), later);
    }

    @Test
    void a_plan_is_refused_by_the_description_alone() {
        PlainTable old = new PlainTable("old_rows", "name", List.of(BIGINT, NUMERIC));
        PlainTable younger = new PlainTable("new_rows", "name", List.of(BIGINT, DOUBLE));
        Comparing comparing = new Comparing(List.of(Comparison.claim("the same", rig.key())
                .before(range -> select(old.key().fields()).from(old).where(range))
                .after(range -> select(younger.key().fields()).from(younger).where(range))));

        assertThatThrownBy(() -> Plan.refuse(comparing))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("column 2 (k2) is numeric in the old shape and double precision in the new one");
        Plan.refuse(new Comparing(List.of(rig.comparison())));
    }

    private List<String> problems(String before, String after) {
        return Comparability.problems(rig.target.dsl(), rig.between(side(before), side(after)));
    }

    private Function<Condition, Select<?>> side(String value) {
        return range -> select(rig.key().columns().get(0), field(value))
                .from(rig.key().table())
                .where(range);
    }

    private Function<Condition, Select<?>> keyed(String key) {
        return range -> select(field(key)).from(rig.key().table()).where(range);
    }
}
