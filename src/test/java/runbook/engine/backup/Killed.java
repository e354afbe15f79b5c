package runbook.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import runbook.engine.Pulse;
import runbook.engine.Target;
import runbook.engine.Targets;

/** A process that takes and drills a backup of the shop, and is gone without a trace of care while it does so. */
final class Killed {

    private static final int STATUS = 137;

    private Killed() {}

    /** Runs it until it beats for work of this kind, or until the restore is done. */
    static void while_(String doing, Target target, Path folder) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.postgresql.pgservicefile=" + System.getProperty("org.postgresql.pgservicefile"),
                        "-Dorg.postgresql.pgpassfile=" + System.getProperty("org.postgresql.pgpassfile"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Killed.class.getName(),
                        target.name(),
                        folder.toString(),
                        doing))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(STATUS);
    }

    /** Arguments: target, folder, what it is killed in. */
    public static void main(String[] arguments) {
        Target target = new Targets().named(arguments[0]);
        Pulse pulse = detail -> {
            if (((Headway) detail).doing().startsWith(arguments[2])) {
                Runtime.getRuntime().halt(STATUS);
            }
        };
        Drill.of(target, Shop.run(target), pulse, scratch -> {
                    if (arguments[2].equals("restored")) {
                        Runtime.getRuntime().halt(STATUS);
                    }
                })
                .takeAndCompare(Shop.TABLES, Path.of(arguments[1]));
    }
}
