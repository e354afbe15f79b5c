package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.CLOB;

import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;
import runbook.spi.Update;

/** A change in place that leaves a unit as pending as it was is not made without end: a person is asked. */
@Timeout(60)
class PendingUpdateTest extends OneCopy {

    private static final String SENTENCE = ": 1 unit is still pending after the batch wrote what it sets. Nothing of"
            + " this batch was written, and everything before it is copied. Correct the values that it takes and send the"
            + " signal 'retry';";

    private final PlainTable source = new PlainTable("source", "filled", List.of(BIGINT));

    PendingUpdateTest() {
        super(100);
    }

    @BeforeEach
    void names() {
        rig.sql("alter table copying.source add filled text");
        rig.sql("create table copying.names (k1 bigint not null, called text)");
        rig.sql("create index on copying.names (k1)");
        rig.sql("insert into copying.names select n, 'n' || n from generate_series(1, 100) n");
    }

    private Update named(Condition pending) {
        return Update.of(source.key(), "names", pending, Map.of(source.text(), field(name("names", "called"), CLOB)))
                .from(table(name("copying", "names")), condition("names.k1 = source.k1"));
    }

    private void parks(PhaseRequest request, Update update) {
        assertThatThrownBy(() -> rig.copy(request, update, 1))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageStartingWith("copying: backfill 'names', range ")
                .hasMessageContaining(SENTENCE);
    }

    private void again(PhaseRequest request, Update update) {
        Backfills.open(rig.target, request, new Copying(List.of(update)));
    }

    @Test
    void parks_at_first_and_after_a_retry_and_goes_on_when_the_value_is_corrected() {
        Update update = named(source.text().isNull());
        rig.sql("update copying.names set called = null where k1 = 7");
        PhaseRequest request = rig.begin(update, Map.of());

        parks(request, update);
        again(request, update);
        parks(request, update);
        assertThat(rig.number("select count(*) from copying.source where filled is not null"))
                .isZero();
        rig.sql("update copying.names set called = 'n7' where k1 = 7");
        again(request, update);
        PhaseReport report = rig.copy(request, update, 1);

        assertThat(report.problems()).isEmpty();
        assertThat(report.counts()).containsEntry("copied", 100L);
    }

    /** Two names each want the row for themselves: whichever it was given, it is pending for the other. */
    @Test
    void parks_when_a_unit_is_left_over_whatever_is_written() {
        Update update = named(source.text().isDistinctFrom(field(name("names", "called"), CLOB)));
        rig.sql("insert into copying.names values (7, 'another')");
        PhaseRequest request = rig.begin(update, Map.of());

        assertThat(rig.copy(request, update, 1).verdict()).isEqualTo(Verdict.FAILED);
        again(request, update);
        parks(request, update);
        again(request, update);
        parks(request, update);
        rig.sql("delete from copying.names where called = 'another'");
        again(request, update);

        assertThat(rig.copy(request, update, 1).problems()).isEmpty();
        assertThat(rig.text("select filled from copying.source where k1 = 7")).isEqualTo("n7");
    }
}
