package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.engine.account.Accounts;
import runbook.message.Run;
import runbook.message.Stand;

class StandsTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void legacy() throws Exception {
        ground = new Ground(postgres, 10);
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void what_arrives_late_changes_nothing() {
        Stands.keep(ground.target, new Stand(ground.run, 2, "waiting: schema"));
        Stands.keep(ground.target, new Stand(ground.run, 1, "backup"));

        assertThat(kept()).isEqualTo("waiting: schema");
    }

    @Test
    void a_new_owner_counts_from_one_again_and_the_former_is_refused() {
        Run former = ground.run;
        Stands.keep(ground.target, new Stand(former, 9, "waiting: cutover"));
        Run second = ground.owner("second");

        Stands.keep(ground.target, new Stand(second, 1, "assessment"));

        assertThat(kept()).isEqualTo("assessment");
        assertThatThrownBy(() -> Stands.keep(ground.target, new Stand(former, 10, "cutover")))
                .isInstanceOf(RunbookException.Fenced.class);
    }

    @Test
    void a_run_that_was_reset_is_known_by_its_new_id_and_heard_again() {
        Run before = ground.run;
        Run reset =
                new Run(before.migration(), before.target(), before.id(), before.epoch(), before.workflowId(), "reset");
        Stands.keep(ground.target, new Stand(before, 7, "waiting: schema"));

        Stands.salt(ground.target, reset);
        assertThat(asItsOwnerKnowsIt()).isEqualTo(reset);
        Stands.keep(ground.target, new Stand(before, 8, "schema"));
        Stands.keep(ground.target, new Stand(reset, 7, "waiting: schema"));

        assertThat(kept()).isEqualTo("waiting: schema");
        assertThat(asItsOwnerKnowsIt()).isEqualTo(reset);
    }

    private Run asItsOwnerKnowsIt() {
        Catalog catalog = new Catalog(List.of(ground.migration));
        return Accounts.of(ground.target, ground.migration.name(), catalog, false)
                .run()
                .asItsOwnerKnowsIt();
    }

    private Object kept() {
        return ground.target.dsl().fetchValue("select state from runbook.standing");
    }
}
