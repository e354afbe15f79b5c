package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.engine.Backfills;
import runbook.engine.Catalog;
import runbook.engine.Copier;
import runbook.engine.Expansion;
import runbook.engine.Owners;
import runbook.engine.Plan;
import runbook.engine.Pulse;
import runbook.engine.Retirements;
import runbook.engine.Runs;
import runbook.engine.Scripts;
import runbook.engine.Stages;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.engine.Validation;
import runbook.message.Admit;
import runbook.message.End;
import runbook.message.Outcome;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Start;
import runbook.message.StartInput;
import runbook.migrations.Bundled;
import runbook.spi.Migration;

class UnarchiveCommandTest {

    private static final String LATER = "insert into individual_process_status.individual_process_statuses"
            + " (individual_process_id, status_name, is_active) values (1, 'later', true), (2, 'later', true)";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @BeforeEach
    void old_shape() {
        Legacy.fill(postgres);
    }

    @Test
    void tells_what_it_would_lose_and_does_it_only_when_told_to() throws Exception {
        retire();
        Legacy.execute(postgres, Role.RUNBOOK, LATER);

        Said dry = unarchive();
        assertThat(dry.err()).isEmpty();
        assertThat(dry.code()).isZero();
        assertThat(dry.out())
                .contains("run 1 retired column individual_process_status.individual_processes.status at 20")
                .contains("  2: written since the retirement, by: the active status is the legacy status")
                .contains("  2: the old shape holds one status for each process")
                .contains("Nothing was changed: this was a dry run. To do it: ./runbook unarchive " + Legacy.NAME
                        + " --target " + postgres.target() + " --yes");
        assertThat(statuses("retired_status")).isEqualTo("1");

        Said done = unarchive("--yes", "--by", "dana");
        assertThat(done.err()).isEmpty();
        assertThat(done.code()).isZero();
        assertThat(done.out())
                .contains("Brought back: the old shape as it was retired, its objects proved to be as before")
                .contains("the active status is the legacy status: 2")
                .doesNotContain("dry run")
                .doesNotContain("writes kept");
        assertThat(statuses("status")).isEqualTo("1");
        assertThat(Legacy.value(postgres, "select who from runbook.audit where act = 'unarchive'"))
                .isEqualTo("dana");
    }

    @Test
    void what_it_cannot_look_at_is_no_success() throws Exception {
        retire();
        for (String close : List.of("enable", "force")) {
            Legacy.execute(
                    postgres,
                    Role.RUNBOOK,
                    "alter table individual_process_status.individual_process_statuses " + close
                            + " row level security");
        }

        Said dry = unarchive();
        assertThat(dry.code()).isEqualTo(1);
        assertThat(dry.out()).contains("  not verified (SQLSTATE 42501): written since the retirement");
        assertThat(dry.err()).contains("nothing was changed; what it would lose was not counted whole");

        Said done = unarchive("--yes");
        assertThat(done.code()).isEqualTo(1);
        assertThat(done.out()).contains("Brought back: ").doesNotContain("A new run can start");
        assertThat(done.err()).contains("the old shape is in use again; not verified: ", "compare them there");
        assertThat(statuses("status")).isEqualTo("1");
    }

    @Test
    void where_nothing_is_retired_it_says_what_to_ask_instead() {
        Said said = unarchive("--yes");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.err())
                .contains(
                        "nothing was changed: nothing of it is retired here", "./runbook reversibility " + Legacy.NAME)
                .hasLineCount(1);
    }

    private Said unarchive(String... words) {
        String[] arguments = new String[words.length + 4];
        arguments[0] = "unarchive";
        arguments[1] = Legacy.NAME;
        arguments[2] = "--target";
        arguments[3] = postgres.target();
        System.arraycopy(words, 0, arguments, 4, words.length);
        return Said.by(arguments);
    }

    private String statuses(String column) throws Exception {
        return Legacy.value(
                postgres,
                "select count(*) from pg_attribute where attrelid ="
                        + " 'individual_process_status.individual_processes'::regclass and attname = '" + column + "'");
    }

    /** A run that ended at its gate {@code drop}. */
    private void retire() {
        Migration migration = new Catalog(Bundled.migrations()).named(Legacy.NAME);
        try (Targets targets = new Targets()) {
            Target target = targets.named(postgres.target());
            Scripts.install(target);
            Start start = StartInput.of(Map.of("migration", Legacy.NAME, "target", postgres.target()))
                    .start();
            Admit admit = new Admit(start, List.of(), Legacy.NAME, "f00d");
            Run run = Runs.own(target, admit, Plan.definition(migration), Owners.nobody())
                    .run();
            Expansion.expand(target, new PhaseRequest(run, start, Phase.SCHEMA, 1), migration, Pulse.NONE);
            PhaseRequest backfill = new PhaseRequest(run, start, Phase.BACKFILL, 1);
            Backfills.open(target, backfill, migration);
            new Copier(target, backfill, migration.backfills().get(0), Pulse.NONE).copy(0, "once");
            Backfills.finish(target, backfill, migration, Pulse.NONE);
            Validation.validate(target, new PhaseRequest(run, start, Phase.VALIDATION, 1), migration, Pulse.NONE);
            PhaseRequest cutover = new PhaseRequest(run, start, Phase.CUTOVER, 1);
            migration.cutover().forEach(stage -> Stages.flip(target, cutover, migration, stage, Pulse.NONE));
            Retirements.retire(target, new PhaseRequest(run, start, Phase.CLEANUP, 1), migration, Pulse.NONE);
            Runs.end(target, new End(run, Outcome.COMPLETED, "dana", "rejected at the gate drop"));
        }
    }
}
