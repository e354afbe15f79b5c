package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.message.Evidence;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.spi.Loss;

/** What people read before they decide: numbers before and after, and what the way back would cost. */
class DecisionsTest {

    private static final String LOSS = "\"rows that a roll-back would lose\":"
            + "{\"the old shape holds one status for each process, without its history\":";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void legacy() throws Exception {
        ground = new Ground(postgres, 100);
        Assessment.assess(ground.target, ground.at(Phase.ASSESSMENT), ground.migration, Pulse.NONE);
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void tells_the_measures_of_the_old_shape_alone_before_there_is_a_new_one() {
        Evidence evidence = evidence("schema");

        assertThat(evidence.readings())
                .contains("\"measures before\":{\"total\":100,\"migrated\":0,\"pending\":100}")
                .contains("\"measures after\":{}")
                .doesNotContain("lose");
        assertThat(evidence.headline()).doesNotContain("roll-back");
    }

    @Test
    void tells_the_measures_before_and_after() {
        ground.expanded().copied().validated();

        assertThat(evidence("cutover").readings())
                .contains("\"measures before\":{\"total\":100,\"migrated\":0,\"pending\":100}")
                .contains("\"measures after\":{\"total\":100,\"migrated\":100,\"pending\":0,\"active statuses\":100}");
    }

    @Test
    void counts_what_a_roll_back_would_lose_and_decides_on_its_class_alone() {
        ground.expanded().copied();
        assertThat(evidence("cutover").headline()).endsWith(" A roll-back would lose nothing.");
        change(1);
        Evidence one = evidence("cutover");
        change(1);
        Evidence two = evidence("cutover");

        assertThat(ground.number("select count(*) from individual_process_status.individual_process_statuses"
                        + " where not is_active"))
                .isEqualTo(2);

        assertThat(one.readings()).contains(LOSS + "1}");
        assertThat(one.headline()).endsWith(" A roll-back would lose 1 row.");
        assertThat(one.decision()).contains("\"loses rows\"");
        assertThat(two.readings()).contains(LOSS + "2}");
        assertThat(two.headline()).endsWith(" A roll-back would lose 2 rows.");
        assertThat(two.hash()).isEqualTo(one.hash());
    }

    @Test
    void a_count_of_losses_ends_before_the_run_gives_up_waiting_for_it() {
        Losing migration = new Losing("counted under a limit", "current_setting('statement_timeout') = '9min'");

        Evidence evidence = Decisions.gather(ground.target, ground.at(Phase.VALIDATION), migration, "cutover", "salt");

        assertThat(evidence.readings()).contains("\"counted under a limit\":1");
    }

    /** A migration that loses a row while a condition holds. */
    private record Losing(String claim, String when) implements Bare {

        @Override
        public String name() {
            return "losing";
        }

        @Override
        public List<Loss> losses() {
            return List.of(new Loss(claim, DSL.selectOne().where(when)));
        }
    }

    @Test
    void says_so_where_nobody_knows_what_a_roll_back_would_lose() {
        Bare silent = () -> "silent";

        assertThat(Decisions.gather(ground.target, ground.at(Phase.VALIDATION), silent, "cutover", "salt")
                        .headline())
                .endsWith(" What a roll-back would lose is not verified: the migration names no loss.");
    }

    @Test
    void names_what_is_left_of_the_way_back_behind_the_gate() {
        ground.expanded().copied();

        assertThat(evidence("cleanup").headline())
                .contains(" A roll-back would lose nothing. Once this is approved only ./runbook unarchive brings");
        assertThat(evidence("drop").headline())
                .endsWith(" The point of no return: after this the old shape exists in backups only.");
    }

    @Test
    void each_proof_counts_what_a_roll_back_would_lose_now() {
        ground.expanded().copied().validated();
        change(1);
        ground.target
                .dsl()
                .execute("update individual_process_status.individual_processes set status = 'y' where id = 1");

        assertThat(Validation.validate(ground.target, ground.at(Phase.VALIDATION), ground.migration, Pulse.NONE)
                        .summary())
                .contains(" checks passed", ". A roll-back would lose 2 rows");
    }

    @Test
    void what_a_former_owner_found_counts_no_more() {
        ground.expanded().copied();
        ground.behindTheMirrors(
                "update individual_process_status.individual_process_statuses set status_name = 'astray'");
        Validation.validate(ground.target, ground.at(Phase.VALIDATION), ground.migration, Pulse.NONE);
        assertThat(evidence("cutover").blocking()).isNotEmpty();

        PhaseRequest adopted = ground.adopted("second").at(Phase.ASSESSMENT);
        Assessment.assess(ground.target, adopted, ground.migration, Pulse.NONE);

        Evidence schema = evidence("schema");
        assertThat(schema.blocking()).isEmpty();
        assertThat(schema.headline()).doesNotStartWith("0 checks passed").contains(" checks passed, 0 failed");
        assertThat(evidence("cutover").blocking())
                .containsExactly("the newest validation is missing; send the signal 'retry' to renew it");
    }

    @Test
    void proof_that_is_too_old_blocks_the_gates_that_rest_on_it_and_changes_no_hash() {
        ground.expanded().copied().validated();
        Evidence fresh = evidence("cutover");
        assertThat(fresh.blocking()).isEmpty();

        ground.target.dsl().execute("update runbook.phase set ended_at = ended_at - interval '25 h'");

        for (String gate : List.of("cutover", "cleanup")) {
            assertThat(evidence(gate).blocking())
                    .contains(
                            "the newest validation is 25 h old, 24 h are allowed; send the signal 'retry' to renew it");
        }
        assertThat(evidence("cutover").hash()).isEqualTo(fresh.hash());
        assertThat(evidence("schema").blocking()).isEmpty();
        assertThat(evidence("drop").blocking()).isEmpty();
        ground.validated();
        assertThat(evidence("cutover").blocking()).isEmpty();
    }

    @Test
    void tells_no_loss_where_nobody_goes_back() {
        ground.expanded().copied();
        change(1);

        assertThat(evidence("drop").headline()).doesNotContain("lose");
        assertThat(evidence("drop").readings()).doesNotContain("lose");
    }

    private void change(int process) {
        ground.target
                .dsl()
                .execute(
                        "update individual_process_status.individual_processes set status = coalesce(status, '') || 'x' where id = "
                                + process);
    }

    private Evidence evidence(String gate) {
        return Decisions.gather(ground.target, ground.at(Phase.VALIDATION), ground.migration, gate, "salt");
    }
}
