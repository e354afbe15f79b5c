package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.SelectOrderByStep;
import org.junit.jupiter.api.Test;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;
import runbook.spi.Insert;

/** That no backfill begins which would read a whole table for each batch, or cannot go batch by batch at all. */
class PlanGuardTest extends OneCopy {

    PlanGuardTest() {
        super(30_000);
    }

    @Test
    void a_join_without_its_index_parks_with_the_index_that_it_lacks() {
        rig.sql("create table copying.names (\"of row\" bigint not null, called text not null)");
        rig.sql("insert into copying.names select n, 'n' || n from generate_series(1, 30000) n");
        rig.sql("analyze copying.names");
        Insert joined = reading(range -> select(field("source.k1"), field("source.k1"), field("names.called"))
                .from(table(name("copying", "source")))
                .join(table(name("copying", "names")))
                .on(condition("names.\"of row\" = source.k1"))
                .where(range));
        PhaseRequest request = rig.begin(joined, Map.of());

        assertThatThrownBy(() -> rig.slots(request, joined, 1))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageContaining("each batch would read the whole of copying.names")
                .hasMessageContaining("CREATE INDEX CONCURRENTLY ON \"copying\".\"names\" (\"of row\");")
                .hasMessageContaining("problem 1 ");
        assertThat(rig.rows("select text from runbook.problem").getValues(0).toString())
                .contains("Seq Scan");
        assertThat(rig.number("select count(*) from copying.target")).isZero();
        rig.sql("create index on copying.names (\"of row\")");
        PhaseReport report = rig.copy(request, joined, 2);

        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void a_range_that_does_not_reach_its_table_parks() {
        Insert numbered = reading(range -> select(field("source.k1"), field("source.k1"), field("s.v"))
                .from("copying.source join (select k1, v, row_number() over (order by v) from copying.source) s"
                        + " on s.k1 = source.k1")
                .where(range));
        PhaseRequest request = rig.begin(numbered, Map.of());

        assertThatThrownBy(() -> rig.slots(request, numbered, 1))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageContaining("each batch would read the whole of copying.source")
                .hasMessageContaining("put the condition into the innermost query");
    }

    @Test
    void a_source_that_ignores_its_range_is_refused() {
        Insert whole =
                reading(range -> select(field("k1"), field("k1"), field("v")).from("copying.source"));

        assertThat(Readiness.unbounded(new Copying(List.of(whole))))
                .singleElement()
                .asString()
                .contains("the source of backfill 'rows' ignores its range");
        assertThatThrownBy(() -> rig.begin(whole, Map.of()))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageContaining("ignores its range")
                .hasMessageContaining("Nothing was copied.");
        assertThat(Readiness.unbounded(new Copying(List.of(insert)))).isEmpty();
    }

    @Test
    void a_key_without_its_index_is_refused_with_the_cure() {
        rig.sql("alter table copying.source drop constraint source_pkey");

        assertThatThrownBy(() -> rig.begin(insert, Map.of()))
                .hasMessageContaining("found: no such index. CREATE UNIQUE INDEX CONCURRENTLY ON"
                        + " \"copying\".\"source\" (\"k1\");");
        rig.sql("create index on copying.source (k1)");
        assertThatThrownBy(() -> rig.begin(insert, Map.of())).hasMessageContaining("found: no such index.");
    }

    @Test
    void a_key_that_may_be_null_is_refused_with_the_cure() {
        rig.sql("alter table copying.source drop constraint source_pkey");
        rig.sql("create unique index on copying.source (k1)");
        rig.sql("alter table copying.source alter column k1 drop not null");

        assertThatThrownBy(() -> rig.begin(insert, Map.of()))
                .hasMessageContaining("found: k1 may be null."
                        + " ALTER TABLE \"copying\".\"source\" ALTER COLUMN \"k1\" SET NOT NULL;");
    }

    @Test
    void a_target_that_is_not_there_is_told() {
        rig.sql("drop table copying.target");

        assertThatThrownBy(() -> rig.begin(insert, Map.of()))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageContaining("needs table copying.target, which is not there");
    }

    @Test
    void statistics_that_are_missing_or_old_are_made_anew() {
        rig.sql("insert into copying.source select n, 'v' from generate_series(30001, 300000) n");
        rig.sql("select pg_stat_force_next_flush()");

        rig.begin(insert, Map.of());

        assertThat(rig.number("select reltuples::bigint from pg_class where oid = 'copying.source'::regclass"))
                .isEqualTo(300_000);
    }

    private Insert reading(Function<Condition, SelectOrderByStep<?>> source) {
        return new Insert(
                insert.name(), insert.unit(), source, insert.columns(), insert.claims(), insert.claimedBy(), List.of());
    }
}
