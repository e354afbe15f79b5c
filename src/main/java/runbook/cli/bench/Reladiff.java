package runbook.cli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import runbook.cli.bench.BenchServer.Ground;
import runbook.cli.dev.Executables;
import runbook.cli.dev.Role;
import runbook.engine.RunbookException;

/** The same two tables compared by reladiff, all columns, with its own defaults. */
record Reladiff(Path program) {

    /** The program, where there is one. */
    static Optional<Reladiff> found() {
        return Executables.find("reladiff").map(Reladiff::new);
    }

    /** Seconds from its start to its end; it has to name as many keys as differ. */
    double compare(Ground ground, int expected) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        program.toString(),
                        address(ground),
                        "bench.accounts",
                        "bench.accounts_after",
                        "-k",
                        "id",
                        "-c",
                        "%"))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .put("PGPASSFILE", ground.database().postgres().passFile().toString());
        long began = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        double seconds = (System.nanoTime() - began) / 1e9;
        long keys = said.lines()
                .filter(line -> line.startsWith("+ ") || line.startsWith("- "))
                .map(line -> line.substring(2).split(",")[0])
                .distinct()
                .count();
        if (code != 0 || keys != expected) {
            throw new RunbookException("bench: reladiff ended with " + code + " and named " + keys
                    + " keys, expected 0 and " + expected + ". Leave its arm out with --arms scan.");
        }
        return seconds;
    }

    private static String address(Ground ground) {
        return "postgresql://" + Role.SUPERUSER.user() + "@127.0.0.1:"
                + ground.database().postgres().port() + "/" + ground.database().name();
    }
}
