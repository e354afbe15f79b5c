package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.TestPostgres;
import runbook.engine.backup.Host;
import runbook.message.Phase;

/** The backup that a run noted is the one that is drilled. */
class BackupsTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @TempDir
    Path backups;

    private Ground ground;

    @BeforeEach
    void legacy() throws Exception {
        ground = new Ground(postgres, 100, Map.of("backups", backups.toString()));
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void drills_the_newest_backup_from_its_folder_alone() {
        take();

        Ground.passes(Backups.drill(ground.target, ground.at(Phase.BACKUP), Pulse.NONE));
    }

    @Test
    void refuses_a_folder_that_was_exchanged_for_another_whole_one() throws Exception {
        take();
        ground.behindTheMirrors("delete from individual_process_status.individual_processes where id = 7");
        ground.again();
        take();
        List<Path> folders;
        try (var all = Files.list(backups)) {
            folders = all.sorted().toList();
        }
        assertThat(folders).hasSize(2);
        Files.move(folders.get(1), backups.resolve("aside"));
        Files.move(folders.get(0), folders.get(1));

        assertThatThrownBy(() -> Backups.drill(ground.target, ground.at(Phase.BACKUP), Pulse.NONE))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageContaining(
                        "as noted when the backup was taken. The backup is not used. Send the signal 'retry'");
    }

    @Test
    void says_on_which_machine_the_folder_is_that_is_not_on_this_one() throws Exception {
        take();
        assertThat(ground.target.dsl().fetchValue("select host from runbook.backup"))
                .isEqualTo(Host.here());
        ground.target.dsl().execute("update runbook.backup set host = 'elsewhere', folder = folder || '-away'");

        assertThatThrownBy(() -> Backups.drill(ground.target, ground.at(Phase.BACKUP), Pulse.NONE))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageContaining("the backup is on host 'elsewhere' in folder " + backups)
                .hasMessageContaining("sees no such folder. Nothing was changed.");
    }

    private void take() {
        Ground.passes(Backups.take(ground.target, ground.at(Phase.BACKUP), ground.migration, Pulse.NONE));
    }
}
