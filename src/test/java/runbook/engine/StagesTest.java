package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.postgresql.PGStatement;
import runbook.cli.dev.Role;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.spi.Criterion;
import runbook.spi.Stage;
import runbook.spi.Switch;

/** Shares and views of a cutover in several stages, there and back, stage by stage. */
class StagesTest extends OneCutover {

    private static final Table<?> LIST = table(DSL.name("copying", "list"));
    private static final String SHARE = "select per_mille from runbook.flag where name = 'new_way'";
    private static final String READS = "select v from copying.list where k1 = 1";

    private static Stage readers(String name, Field<?>... columns) {
        return Stage.named(name, new Switch.View(LIST, select(columns).from(TARGET)))
                .baked(Duration.ZERO, List.of(fine()));
    }

    private static Field<?> key() {
        return TARGET.key().columns().get(0);
    }

    @Test
    void a_stage_back_leaves_the_share_of_the_stage_before() {
        stages(share("some", 100), share("half", 500), share("all", 1000));
        flip(0);
        flip(1);
        flip(2);

        stepBack(2);
        assertThat(rig.text(SHARE)).isEqualTo("500");
        assertThat(Strays.found(rig.target.dsl(), request.run())).isEmpty();

        EngineRig.passes(flip(2));
        stepBack(1);
        assertThat(rig.text(SHARE)).isEqualTo("100");

        stepBack(0);
        assertThat(rig.text(SHARE)).isEqualTo("0");
        assertThat(Strays.found(rig.target.dsl(), request.run())).isEmpty();
        assertThat(rig.number("select count(*) from runbook.audit where act = 'stage back'"))
                .isEqualTo(3);
    }

    @Test
    void a_stage_that_is_back_stands_against_the_cleanup() {
        stages(share("some", 100), share("all", 1000));
        assertThat(against()).contains("flag new_way (gone instead of 1000 per mille) is not as this run left it");
        flip(0);
        flip(1);
        assertThat(against()).isEmpty();

        stepBack(1);
        assertThat(against()).contains("flag new_way (100 instead of 1000 per mille)");
        stepBack(0);
        assertThat(against()).contains("flag new_way (0 instead of 1000 per mille)");
        PhaseRequest cleanup = new PhaseRequest(request.run(), request.start(), Phase.CLEANUP, 1);
        assertThat(Retirements.retire(rig.target, cleanup, migration, Pulse.NONE)
                        .problems())
                .singleElement()
                .asString()
                .contains("flag new_way (0 instead of 1000 per mille)");
    }

    private String against() {
        return Decisions.gather(rig.target, request, migration, "cleanup", "salt").blocking().stream()
                .filter(reason -> reason.contains("as this run left"))
                .collect(Collectors.joining());
    }

    @Test
    void a_text_that_draws_from_a_sequence_holds_nothing_up() {
        rig.sql("create sequence copying.codes");
        rig.sql("alter table copying.target add code text default 'C' || nextval('copying.codes')");
        stages(share("all", 1000));

        EngineRig.passes(flip(0));

        assertThat(rig.text("insert into copying.target (v) values ('next') returning code"))
                .startsWith("C");
    }

    @Test
    void a_view_that_two_stages_switch_goes_back_to_the_query_between() {
        stages(
                readers("first", key(), TARGET.text()),
                readers("second", key(), DSL.upper(TARGET.text()).as("v")));
        flip(0);
        flip(1);
        assertThat(rig.text(READS)).isEqualTo("NEW");

        stepBack(1);
        assertThat(rig.text(READS)).isEqualTo("new");

        stepBack(0);
        assertThat(rig.text(READS)).isEqualTo("old");
    }

    @Test
    void a_flip_whose_answer_was_lost_is_found_and_not_repeated() {
        stages(share("some", 100), share("all", 1000));
        EngineRig.passes(flip(0));
        EngineRig.passes(flip(1));
        String changed = rig.text("select changed_at from runbook.flag");

        EngineRig.passes(flip(0));
        EngineRig.passes(flip(1));

        assertThat(rig.text(SHARE)).isEqualTo("1000");
        assertThat(rig.text("select changed_at from runbook.flag")).isEqualTo(changed);
        assertThat(rig.number("select count(*) from runbook.audit where act = 'flip'"))
                .isEqualTo(2);
    }

    @Test
    void the_new_shape_draws_numbers_past_those_that_were_copied() {
        stages(share("all", 1000));
        flip(0);

        assertThat(rig.text("insert into copying.target (v) values ('next') returning k1"))
                .isEqualTo("6");
    }

    @Test
    void a_share_changed_by_hand_is_told_and_signed() {
        stages(share("half", 500));
        flip(0);

        rig.sql("update runbook.flag set per_mille = 300 where name = 'new_way'");

        assertThat(Strays.found(rig.target.dsl(), request.run()))
                .containsExactly("flag new_way (300 instead of 500 per mille)");
        assertThat(rig.rows("select who, detail->>'was', detail->>'perMille', detail->>'reason' from runbook.audit"
                                + " where act = 'flag' order by id")
                        .map(row -> row.get(0) + ": " + row.get(1) + " to " + row.get(2) + ", " + row.get(3)))
                .containsExactly(
                        "run " + request.run().id() + ": 0 to 500, stage half",
                        rig.text("select session_user") + ": 500 to 300, changed by hand");
    }

    @Test
    void a_share_is_in_force_at_the_next_statement() throws Exception {
        stages(share("all", 1000));
        try (Connection session = postgres.database().connect(Role.RUNBOOK);
                PreparedStatement asked =
                        session.prepareStatement("select runbook.flag_on('new_way', '', 'subject 1')")) {
            session.setAutoCommit(false);
            asked.unwrap(PGStatement.class).setPrepareThreshold(1);
            assertThat(on(asked)).isFalse();
            assertThat(on(asked)).isFalse();
            rig.target.inTransaction(tx -> {
                Switches.flip(tx, request.run(), migration.cutover().get(0));
                return tx;
            });
            assertThat(on(asked)).isTrue();
        }
    }

    private static boolean on(PreparedStatement asked) throws SQLException {
        try (ResultSet row = asked.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    @Test
    void what_the_application_has_prepared_survives_there_and_back() throws Exception {
        stages(readers("readers", key(), TARGET.text()));
        try (Connection session = postgres.database().connect(Role.APP);
                PreparedStatement prepared = session.prepareStatement("select * from copying.list where k1 = 1")) {
            prepared.unwrap(PGStatement.class).setPrepareThreshold(1);
            assertThat(text(prepared)).isEqualTo("old");
            assertThat(text(prepared)).isEqualTo("old");

            EngineRig.passes(flip(0));
            assertThat(text(prepared)).isEqualTo("new");

            stepBack(0);
            assertThat(text(prepared)).isEqualTo("old");
        }
    }

    private static String text(PreparedStatement prepared) throws SQLException {
        try (ResultSet row = prepared.executeQuery()) {
            row.next();
            return row.getString("v");
        }
    }

    @Test
    void a_view_with_one_more_column_is_not_switched() {
        stages(readers("readers", key(), TARGET.text(), DSL.inline(1).as("more")));

        assertThatThrownBy(() -> flip(0))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageContaining("stage 'readers': not switched. \"copying\".\"list\" would have the columns")
                .hasMessageContaining("cached plan must not change result type");
        assertThat(rig.text(READS)).isEqualTo("old");
    }

    @Test
    void a_description_that_nobody_could_judge_is_refused_with_its_places() {
        Stage bare = Stage.named("bare", new Switch.Flag("f", 500));
        Stage less = Stage.named("less", new Switch.Flag("f", 100)).baked(Duration.ZERO, List.of(fine()));
        Stage hasty = share("less", 1000).watched(Duration.ofMinutes(1), 2, Criterion.deadlocks(0));

        assertThatThrownBy(() -> new Catalog(List.of(new Staged(List.of(), List.of(bare, less, hasty)))))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("migration 'copying': stage 'bare': expected at least one check, found none")
                .hasMessageContaining("stage 'less': flag 'f': expected more than the 500 per mille")
                .hasMessageContaining("stage 'less': a second one of this name")
                .hasMessageContaining("expected readings that fit into its bake of PT1M, found 2 of them, PT1M apart");
    }
}
