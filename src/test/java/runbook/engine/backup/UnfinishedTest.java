package runbook.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.TestPostgres;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Target;
import runbook.engine.Targets;

/** What is left of a backup that breaks off: nothing. */
class UnfinishedTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.prepared("shop", Shop::build);

    @TempDir
    Path backups;

    private final Targets targets = new Targets();
    private Target target;

    @BeforeEach
    void connect() {
        target = targets.named(postgres.target());
    }

    @AfterEach
    void close() {
        targets.close();
    }

    @Test
    void a_full_disk_is_one_clear_error_and_leaves_nothing() throws Exception {
        Backup backup = new Backup(
                target,
                Shop.TABLES,
                file -> file.toString().contains("orders")
                        ? Files.newOutputStream(Path.of("/dev/full"))
                        : Unfinished.DISK.open(file));

        try (Snapshot snapshot = backup.snapshot()) {
            assertThatThrownBy(() -> backup.takeAt(snapshot, backups.resolve("b"), Pulse.NONE, stored -> stored))
                    .isInstanceOf(RunbookException.class)
                    .hasMessageContaining(backups.resolve("b") + ": not enough room: the tables need up to")
                    .hasMessageContaining("are free");
        }
        assertThat(Shop.files(backups)).isEmpty();
    }

    @Test
    void too_small_a_disk_is_refused_before_anything_is_written() throws Exception {
        try (Unfinished unfinished = Unfinished.begin(backups.resolve("b"), Unfinished.DISK)) {
            assertThatThrownBy(() -> new Room(unfinished, Long.MAX_VALUE).demand())
                    .hasMessageContaining("not enough room: the tables need up to 9223372.0 TB");
        }
        assertThat(Shop.files(backups)).isEmpty();
    }

    @Test
    void a_folder_that_cannot_be_made_is_named() throws Exception {
        Path file = Files.writeString(backups.resolve("file"), "");

        assertThatThrownBy(() -> Backup.take(target, Shop.TABLES, file.resolve("b"), Pulse.NONE))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining(file.resolve("b").toString())
                .hasMessageContaining("cannot be written");
    }

    @Test
    void whoever_no_longer_wants_it_gets_their_own_exception_and_no_folder() {
        CancellationException unwanted = new CancellationException("no longer wanted");
        AtomicBoolean first = new AtomicBoolean(true);
        Pulse pulse = detail -> {
            if (!first.getAndSet(false)) {
                throw unwanted;
            }
        };

        assertThatThrownBy(() -> Backup.take(target, Shop.TABLES, backups.resolve("b"), pulse))
                .isSameAs(unwanted);
        assertThat(Shop.files(backups)).isEmpty();
    }

    @Test
    void an_attempt_that_was_killed_leaves_nothing_after_the_next() throws Exception {
        Killed.while_("backing up", target, backups.resolve("b"));
        assertThat(Shop.files(backups)).singleElement().asString().startsWith("b.partial.");

        Backup.take(target, Shop.TABLES, backups.resolve("b"), Pulse.NONE);

        assertThat(Shop.files(backups)).containsExactly("b");
    }

    @Test
    void an_attempt_that_outlives_its_successors_start_finds_its_folder_gone() throws Exception {
        Backup old = new Backup(target, Shop.TABLES, Unfinished.DISK);
        Pulse succeeded = detail -> {
            if (!Files.exists(backups.resolve("b"))) {
                Backup.take(target, Shop.TABLES, backups.resolve("b"), Pulse.NONE);
            }
        };

        try (Snapshot snapshot = old.snapshot()) {
            assertThatThrownBy(() -> old.takeAt(snapshot, backups.resolve("b"), succeeded, stored -> stored))
                    .isInstanceOf(RunbookException.class);
        }
        assertThat(Shop.files(backups)).containsExactly("b");
        assertThat(Drill.byHand(target, Pulse.NONE)
                        .restoreAndCompare(backups.resolve("b"))
                        .equal())
                .isTrue();
    }
}
