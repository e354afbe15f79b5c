package runbook.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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

/** Whatever happens to a folder, it is refused by the names of file and table, and nothing is restored from it. */
class CorruptBackupTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.prepared("shop", Shop::build);

    @TempDir
    Path backups;

    private final Targets targets = new Targets();
    private Target target;
    private Path folder;

    @BeforeEach
    void connect() {
        target = targets.named(postgres.target());
        folder = backups.resolve("b");
    }

    @AfterEach
    void nothing_is_left_on_the_server() {
        assertThat(Shop.scratches(target)).isEmpty();
        targets.close();
    }

    @Test
    void a_flipped_byte_in_any_file_names_the_file_and_the_table() throws Exception {
        Backup.take(target, Shop.TABLES, folder, Pulse.NONE);
        for (SavedTable table : Stored.open(folder).manifest().tables()) {
            Path file = folder.resolve(table.file());
            byte[] good = Files.readAllBytes(file);
            byte[] bad = good.clone();
            bad[bad.length / 2] ^= 1;
            Files.write(file, bad);

            assertRefused(
                    () -> Drill.byHand(target, Pulse.NONE).restoreAndCompare(folder),
                    file,
                    table.name().toString());

            Files.write(file, good);
        }
        assertThat(Drill.byHand(target, Pulse.NONE).restoreAndCompare(folder).equal())
                .isTrue();
    }

    @Test
    void a_missing_file_names_the_file_and_the_table() throws Exception {
        Backup.take(target, Shop.TABLES, folder, Pulse.NONE);
        Path file = folder.resolve("0002-shop.orders.copy.gz");
        Files.delete(file);

        assertRefused(() -> Drill.byHand(target, Pulse.NONE).restoreAndCompare(folder), file, "shop.orders");
    }

    @Test
    void a_truncated_changed_or_missing_manifest_is_refused() throws Exception {
        Backup.take(target, Shop.TABLES, folder, Pulse.NONE);
        Path manifest = folder.resolve("manifest.json");
        String good = Files.readString(manifest);

        Files.writeString(manifest, good.substring(0, good.length() / 2));
        assertRefused(() -> Drill.byHand(target, Pulse.NONE).restoreAndCompare(folder), manifest, "SHA-256");
        sign(manifest);
        assertRefused(
                () -> Drill.byHand(target, Pulse.NONE).restoreAndCompare(folder), manifest, "not readable as JSON");
        Files.writeString(manifest, good.replace("\"rows\" : 200", "\"rows\" : 199"));
        assertRefused(() -> Drill.byHand(target, Pulse.NONE).restoreAndCompare(folder), manifest, "SHA-256");
        Files.delete(manifest);
        assertRefused(() -> Drill.byHand(target, Pulse.NONE).restoreAndCompare(folder), manifest, "not there");
    }

    @Test
    void a_manifest_of_another_release_is_refused() throws Exception {
        Backup.take(target, Shop.TABLES, folder, Pulse.NONE);
        Path manifest = folder.resolve("manifest.json");
        Files.writeString(manifest, "{\"format\": 2, \"tables\": \"elsewhere\"}");
        sign(manifest);

        assertRefused(
                () -> Drill.byHand(target, Pulse.NONE).restoreAndCompare(folder), manifest, "format 2, expected 1");
    }

    private static void assertRefused(ThrowingCallable drill, Path file, String words) {
        assertThatThrownBy(drill)
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(words)
                .hasMessageContaining("The backup is not used.");
    }

    /** Makes the list of sums agree with a manifest that was meddled with. */
    private static void sign(Path manifest) throws Exception {
        Path sums = manifest.resolveSibling("SHA256SUMS");
        String others = Files.readString(sums, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.endsWith("manifest.json"))
                .reduce("", (all, line) -> all + line + "\n");
        Files.writeString(sums, others + Stored.hash(Files.readAllBytes(manifest)) + "  manifest.json\n");
    }
}
