package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.engine.account.Reversibility;
import runbook.engine.account.Reversibility.Mapping;
import runbook.engine.account.Reversibility.Stage;
import runbook.engine.account.Reversibility.Verdict;
import runbook.message.End;
import runbook.message.Outcome;
import runbook.spi.Insert;

/** What is said of the way back before it is gone, against what it then does. */
class ReversibilityTest {

    private static final String SCHEMA = "individual_process_status.";
    private static final String STATUSES = SCHEMA + "individual_process_statuses";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void legacy() throws Exception {
        ground = new Ground(postgres, 200);
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void exactly_the_rows_that_it_lists_have_no_place_after_the_roll_back() {
        ground.expanded().copied().cutOver();
        assertThat(told().mapping().verdict()).isEqualTo(Verdict.LOSSLESS);
        ground.sql("update " + SCHEMA + "individual_processes set status = 'planted' where id between 21 and 37");
        List<Long> planted = ids("select id from " + STATUSES + " where not is_active");
        assertThat(planted).hasSize(17);

        Mapping told = told().mapping();
        Ground.passes(ground.wentBack());

        assertThat(told.verdict()).isEqualTo(Verdict.LOSES);
        assertThat(told.rows()).isEqualTo(17);
        assertThat(told.listed())
                .containsExactlyInAnyOrderElementsOf(
                        planted.stream().map(id -> "{\"id\":" + id + "}").toList());
        assertThat(ids("select s.id from runbook_archive.individual_process_statuses_run" + ground.run.id()
                        + " s where not exists (select from " + SCHEMA + "individual_processes p"
                        + " where p.id = s.individual_process_id and p.status is not distinct from s.status_name)"))
                .containsExactlyInAnyOrderElementsOf(planted);
    }

    @Test
    void keeps_the_rows_back_unless_they_are_asked_for() {
        ground.expanded().copied();
        ground.sql("update " + SCHEMA + "individual_processes set status = 'planted' where id = 21");

        assertThat(of(ground, false).mappings()).singleElement().satisfies(mapping -> {
            assertThat(mapping.rows()).isOne();
            assertThat(mapping.listed()).isEmpty();
        });
    }

    @Test
    void names_at_each_moment_the_command_that_takes_it_back() {
        says(Stage.BEFORE_CUTOVER, "--name rollback");
        assertThat(told().mapping().note()).isEqualTo("there is no new shape yet");
        ground.expanded().copied().cutOver();
        says(Stage.CUT_OVER, "-w individual_process_status --name rollback");
        ground.sql("insert into runbook.standing values (" + ground.run.id() + ", 1, 1, 'parked: cleanup')");
        says(Stage.RETIRING, "./runbook unarchive individual_process_status --target " + postgres.target());
        ground.completed();
        says(Stage.DROPPED, "");
    }

    @Test
    void has_nothing_left_to_take_back_after_a_roll_back() {
        ground.expanded().copied().cutOver();
        Ground.passes(ground.wentBack());
        says(Stage.GOING_BACK, "");

        Runs.end(ground.target, new End(ground.run, Outcome.ROLLED_BACK, "dana", "test"));

        says(Stage.BACK, "");
        assertThat(told().whole().mappings()).isEmpty();
    }

    @Test
    void what_cannot_be_counted_is_not_verified() {
        ground.expanded().copied();
        ground.sql("alter table " + STATUSES + " rename to elsewhere");

        assertThat(told().mapping().verdict()).isEqualTo(Verdict.NOT_VERIFIED);
        assertThat(told().mapping().note()).isEqualTo("SQLSTATE 42P01");
    }

    @Test
    void a_migration_without_a_loss_is_not_verified() {
        try (CopyRig rig = new CopyRig(postgres)) {
            Insert copy = rig.tables(List.of(SQLDataType.BIGINT), List.of("bigint"), "values (1, 'x')");
            rig.begin(copy, Map.of());
            Copying migration = new Copying(List.of(copy));

            Reversibility found =
                    Reversibility.of(rig.target, migration.name(), new Catalog(List.of(migration)), false);

            assertThat(found.mappings()).singleElement().satisfies(mapping -> assertThat(mapping.verdict())
                    .isEqualTo(Verdict.NOT_VERIFIED));
        }
    }

    private record Told(Reversibility whole) {
        Mapping mapping() {
            return whole.mappings().get(0);
        }
    }

    private Told told() {
        return new Told(of(ground, true));
    }

    private static Reversibility of(Ground ground, boolean reveal) {
        return Reversibility.of(ground.target, ground.migration.name(), new Catalog(List.of(ground.migration)), reveal);
    }

    private void says(Stage stage, String command) {
        Reversibility found = told().whole();
        assertThat(found.stage()).isEqualTo(stage);
        assertThat(found.command()).contains(command);
        assertThat(found.command().isEmpty()).isEqualTo(command.isEmpty());
    }

    private List<Long> ids(String query) {
        return ground.rows(query).getValues(0, Long.class);
    }
}
