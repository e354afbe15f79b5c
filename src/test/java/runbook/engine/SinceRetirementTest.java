package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.engine.Unarchive.Lost;

/** What was written since a retirement is counted part by part, so that no statement grows with the table. */
class SinceRetirementTest {

    private static final String SCHEMA = "individual_process_status.";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void retired() throws Exception {
        ground = new Ground(postgres, Comparer.FIRST + 500);
        ground.expanded().copied().cutOver();
        Ground.passes(ground.retired());
        ground.sql(
                "insert into " + SCHEMA + "individual_process_statuses (individual_process_id, status_name, is_active)"
                        + " select id, 'later', true from " + SCHEMA + "individual_processes order by id desc limit 3");
        ground.sql("delete from " + SCHEMA + "individual_processes where id =" + " (select min(id) from " + SCHEMA
                + "individual_processes)");
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void counts_every_part() {
        Lost lost = since(Duration.ofMinutes(1)).count(2);

        assertThat(lost.count()).isEqualTo(3);
        assertThat(lost.listed()).hasSize(2).allSatisfy(row -> assertThat(row).contains("later"));
    }

    @Test
    void what_it_has_no_time_for_is_not_verified() {
        Lost lost = since(Duration.ZERO).count(0);

        assertThat(lost.count()).isNull();
        assertThat(lost.note()).contains("not at all of it", "0 so far");
    }

    private SinceRetirement since(Duration most) {
        return new SinceRetirement(
                ground.target,
                new RetiredShape(ground.migration),
                ground.migration.comparisons().get(0),
                most);
    }
}
