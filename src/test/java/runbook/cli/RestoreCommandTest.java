package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.engine.Catalog;
import runbook.engine.Pulse;
import runbook.engine.Targets;
import runbook.engine.backup.Backup;
import runbook.migrations.Bundled;

class RestoreCommandTest {

    private static final String PROCESSES = "individual_process_status.individual_processes";
    private static final String TITLE = "select title from " + PROCESSES + " where id = 1";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @TempDir
    Path folder;

    private Path backup = Path.of("");
    private String title = "";

    @BeforeEach
    void a_backup_and_a_mishap() throws Exception {
        Legacy.fill(postgres);
        title = Legacy.value(postgres, TITLE);
        backup = folder.resolve("backup");
        try (Targets targets = new Targets()) {
            Backup.take(
                    targets.named(postgres.target()),
                    new Catalog(Bundled.migrations()).named(Legacy.NAME).tables(),
                    backup,
                    Pulse.NONE);
        }
        Legacy.execute(postgres, Role.APP, "update " + PROCESSES + " set title = 'oops' where id = 1");
        Legacy.execute(postgres, Role.APP, "delete from " + PROCESSES + " where id = 2");
    }

    @Test
    void tells_what_would_change_and_changes_nothing() throws Exception {
        Said said = restore("--dry-run");

        assertThat(said.code()).isZero();
        assertThat(said.out())
                .contains(PROCESSES + ": 1 rows only in the backup, 0 only in the table, 1 different")
                .contains("Nothing was changed: this was a dry run.");
        assertThat(Legacy.value(postgres, TITLE)).isEqualTo("oops");
    }

    @Test
    void puts_one_table_back() throws Exception {
        Said said = restore("--table", PROCESSES);

        assertThat(said.err()).isEmpty();
        assertThat(said.out()).contains("Restored in ");
        assertThat(Legacy.value(postgres, TITLE)).isEqualTo(title);
    }

    @Test
    void a_table_that_the_backup_lacks_is_one_message() {
        Said said = restore("--table", "shop.orders");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("holds no table 'shop.orders'", "Nothing was changed.")
                .hasLineCount(1);
    }

    @Test
    void a_folder_that_is_no_backup_is_one_message() {
        Said said = Said.by("restore", folder.resolve("none").toString(), "--target", postgres.target());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).startsWith("runbook: ").contains("none").hasLineCount(1);
    }

    private Said restore(String... words) {
        String[] arguments = new String[words.length + 4];
        arguments[0] = "restore";
        arguments[1] = backup.toString();
        arguments[2] = "--target";
        arguments[3] = postgres.target();
        System.arraycopy(words, 0, arguments, 4, words.length);
        return Said.by(arguments);
    }
}
