package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.Role;
import runbook.engine.Owners.Home;
import runbook.engine.Owners.Life;
import runbook.message.Admit;
import runbook.message.End;
import runbook.message.Outcome;
import runbook.message.Run;
import runbook.message.StartInput;

/** Who may take an open run over, and what a person is told who may not. */
class OwnershipTest {

    private static final String ID = "individual_process_status";
    private static final Home HERE = new Home("default", "6b1c");
    private static final Home OTHER_SERVER = new Home("default", "f00d");
    private static final Home OTHER_NAMESPACE = new Home("shop", "cafe");

    private record Known(Home home, Life life) implements Owners {
        @Override
        public Life life(String namespace, String workflowId, String workflowRun) {
            return life;
        }
    }

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Targets targets = new Targets();
    private Target target;
    private Run first;

    @BeforeEach
    void begin() {
        target = targets.named(postgres.target());
        Scripts.install(target);
        first = own(ID, "first", HERE, Life.UNKNOWN);
    }

    @AfterEach
    void close() {
        targets.close();
    }

    private Run own(String workflow, String run, Home home, Life life) {
        Admit admit = new Admit(
                StartInput.of(Map.of("migration", ID, "target", target.name())).start(), List.of(), workflow, run);
        return Runs.own(target, admit, "definition", new Known(home, life)).run();
    }

    @Test
    void the_next_workflow_of_the_id_takes_over_and_so_does_any_other_when_the_owner_is_gone() {
        assertThat(own(ID, "second", HERE, Life.UNKNOWN).epoch()).isEqualTo(2);
        assertThat(own("another", "third", HERE, Life.OVER).epoch()).isEqualTo(3);
        assertThat(own(ID, "fourth", OTHER_NAMESPACE, Life.OVER).epoch()).isEqualTo(4);
    }

    @Test
    void the_same_id_on_another_server_or_in_another_namespace_takes_over_nothing() {
        assertThatThrownBy(() -> own(ID, "second", OTHER_SERVER, Life.UNKNOWN)).hasMessage(lost());
        assertThatThrownBy(() -> own(ID, "second", OTHER_NAMESPACE, Life.UNKNOWN))
                .hasMessage(lost());
        assertThatThrownBy(() -> own(ID, "second", OTHER_NAMESPACE, Life.RUNNING))
                .hasMessage("this database already runs " + ID + " (run 1, workflow " + ID + ", target '"
                        + target.name() + "'). Watch it: temporal workflow metadata -n default -w " + ID);
        assertThat(own(ID, "first", HERE, Life.UNKNOWN)).isEqualTo(first);
    }

    @Test
    void an_owner_that_nobody_knows_is_replaced_once_a_person_says_so() throws Exception {
        assertThatThrownBy(() -> own("another", "second", HERE, Life.UNKNOWN)).hasMessage(lost());

        assertThat(asked("select runbook.disown(1, 'its workflow is gone')"))
                .isEqualTo("run 1 of " + ID + " has no owner now: the next start takes it over");

        assertThatThrownBy(() -> Runs.end(target, new End(first, Outcome.COMPLETED, "dana", "done")))
                .isInstanceOf(RunbookException.Fenced.class);
        assertThat(own("another", "second", HERE, Life.UNKNOWN).epoch()).isEqualTo(3);
        assertThat(asked("select who || ': ' || (detail ->> 'reason') from runbook.audit where act = 'disown'"))
                .isEqualTo("runbook: its workflow is gone");
        assertThatThrownBy(() -> asked("select runbook.disown(7, 'why')"))
                .hasMessageContaining("run 7 is not open in this database: nothing was changed");
    }

    @Test
    void a_copy_of_the_database_is_told_from_it() throws Exception {
        String original = target.name();
        targets.close();
        DevDatabase copy = postgres.server().create(original + "_copy", postgres.database());
        targets = new Targets();
        target = targets.named(copy.service(Role.RUNBOOK));

        assertThatThrownBy(() -> own(ID, "second", HERE, Life.OVER))
                .hasMessage("this database is a copy of the one in which run 1 of " + ID + " (workflow " + ID
                        + ") was begun, and nothing was taken over; if the run is to start anew in the copy: psql service="
                        + target.name() + " -c \"select runbook.disown(1, 'this is a copy')\", then start again");
        assertThatThrownBy(() -> own(ID, "first", HERE, Life.OVER)).hasMessageStartingWith("this database is a copy");

        try (Connection session = copy.connect(Role.RUNBOOK);
                Statement statement = session.createStatement()) {
            statement.execute("select runbook.disown(1, 'this is a copy')");
        }
        assertThat(own(ID, "second", HERE, Life.UNKNOWN).epoch()).isEqualTo(3);
    }

    @Test
    void only_the_owner_closes_a_run_and_may_say_so_twice() {
        Run second = own(ID, "second", HERE, Life.UNKNOWN);

        assertThatThrownBy(() -> Runs.end(target, new End(first, Outcome.COMPLETED, "dana", "done")))
                .isInstanceOf(RunbookException.Fenced.class)
                .hasMessage(ID + ": run 1 could not be closed as completed: it does not belong to owner 1 any more."
                        + " Nothing was written. See who owns it: ./runbook status --target " + target.name());

        End end = new End(second, Outcome.ABORTED, "dana", "done");
        Runs.end(target, end);
        assertThatCode(() -> Runs.end(target, end)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Runs.end(target, new End(second, Outcome.COMPLETED, "dana", "done")))
                .isInstanceOf(RunbookException.Fenced.class);
        assertThat(asked("select string_agg(act, ',') from runbook.audit where act in ('completed', 'aborted')"))
                .isEqualTo("aborted");
    }

    private String lost() {
        return "run 1 of " + ID + " is open in this database, and this Temporal cannot tell whether its workflow " + ID
                + " (namespace default, run id first) still runs: it is past its retention, or on another server. If it is"
                + " gone: psql service=" + target.name()
                + " -c \"select runbook.disown(1, 'its workflow is gone')\", then start again";
    }

    private String asked(String query) {
        try (Connection session = postgres.database().connect(Role.RUNBOOK);
                Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
