package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INTEGER;
import static org.jooq.impl.SQLDataType.NUMERIC;
import static org.jooq.impl.SQLDataType.TIMESTAMPWITHTIMEZONE;
import static org.jooq.impl.SQLDataType.UUID;

import java.util.List;
import java.util.Map;
import org.jooq.DataType;
import org.jooq.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;
import runbook.spi.Insert;

/** Every kind of key, in ranges, by three slots at once: each unit is brought over once, whatever the order is. */
class KeysTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private CopyRig rig;

    @BeforeEach
    void open() {
        rig = new CopyRig(postgres);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void whole_numbers_with_gaps_and_below_zero() {
        copies(
                List.of(BIGINT),
                List.of("bigint"),
                "select n * 1000003::bigint - 9000000000, 'v' || n from generate_series(1, 30000) n",
                30_000);
    }

    @Test
    void the_least_and_the_greatest_number() {
        copies(
                List.of(BIGINT),
                List.of("bigint"),
                "values (-9223372036854775808, 'least'), (0, 'zero'), (9223372036854775807, 'greatest')",
                3);
    }

    @Test
    void uuids() {
        copies(
                List.of(UUID),
                List.of("uuid"),
                "select md5(n::text)::uuid, 'v' || n from generate_series(1, 30000) n",
                30_000);
    }

    @Test
    void texts_in_the_order_of_their_collation() {
        copies(
                List.of(CLOB),
                List.of("text collate \"und-x-icu\""),
                "select case n % 5 when 0 then 'Ä' when 1 then 'a' when 2 then 'Z''\"\\' when 3 then ' ' else 'é{,}' end"
                        + " || md5(n::text), 'v' || n from generate_series(1, 30000) n",
                30_000);
    }

    @Test
    void times_to_the_microsecond_before_christ_and_without_end() {
        copies(
                List.of(TIMESTAMPWITHTIMEZONE),
                List.of("timestamptz"),
                "select timestamptz '2024-03-31 00:59:59.999999+00' + n * interval '1.000001 s', 'v' || n"
                        + " from generate_series(1, 30000) n"
                        + " union all values (timestamptz 'infinity', 'i'), ('-infinity', 'm'), ('0044-03-15 12:00:00+00 BC', 'c')",
                30_003);
    }

    @Test
    void numerics_of_any_scale() {
        copies(
                List.of(NUMERIC),
                List.of("numeric"),
                "select (n::numeric ^ 3) / 7 - 1e12, 'v' || n from generate_series(1, 30000) n"
                        + " union all values (numeric 'NaN', 'n'), (1e-30, 'small'), (1e30, 'large')",
                30_003);
    }

    @Test
    void several_columns() {
        copies(
                List.of(INTEGER, CLOB, UUID),
                List.of("integer", "text", "uuid"),
                "select n / 100 - 50, chr(97 + n % 26), md5(n::text)::uuid, 'v' || n from generate_series(1, 30000) n",
                30_000);
    }

    @Test
    void ranges_hold_about_as_many_rows_however_the_keys_are_spread() {
        PhaseRequest request = copies(
                List.of(BIGINT),
                List.of("bigint"),
                "select case when n % 100 = 0 then n * 1000000000::bigint else n end, 'v' || n"
                        + " from generate_series(1, 80000) n",
                80_000);

        Record spread = rig.rows("select count(*) as ranges, max(scanned) as most, min(scanned) as least"
                        + " from runbook.range where upto_key is not null and number <= 8")
                .get(0);
        assertThat(request.attempt()).isOne();
        assertThat(spread.get("ranges", Long.class)).isEqualTo(8);
        assertThat(spread.get("most", Long.class)).isLessThan(20_000);
    }

    @Test
    void small_whole_numbers() {
        copies(
                List.of(INTEGER),
                List.of("integer"),
                "select n * 70000, 'v' || n from generate_series(-15000, 14999) n",
                30_000);
    }

    @Test
    void a_single_row() {
        copies(List.of(BIGINT), List.of("bigint"), "values (-7, 'v')", 1);
    }

    @Test
    void no_row_at_all() {
        copies(List.of(BIGINT), List.of("bigint"), "select n, 'v' from generate_series(1, 0) n", 0);
    }

    private PhaseRequest copies(List<DataType<?>> types, List<String> sqlTypes, String rows, long expected) {
        Insert insert = rig.tables(types, sqlTypes, rows);
        PhaseRequest request = rig.begin(insert, Map.of());

        PhaseReport report = rig.copy(request, insert, 3);

        assertThat(report.problems()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(report.counts()).containsEntry("scanned", expected).containsEntry("copied", expected);
        assertThat(rig.differences()).isZero();
        assertThat(rig.number("select count(*) from runbook.range where finished_at is null"))
                .isZero();
        return request;
    }
}
