package runbook.cli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import runbook.cli.bench.BenchServer.Ground;
import runbook.cli.dev.Executables;
import runbook.cli.dev.Role;
import runbook.engine.RunbookException;

/** The same column filled by pgroll, as its own benchmark does: {@code start} and {@code complete} are timed. */
record Pgroll(Path program) {

    private static final String MIGRATION = """
            operations:
              - add_column:
                  table: accounts
                  column:
                    name: filled
                    type: text
                    nullable: true
                  up: "'is ' || status"
            """;

    /** The program, where there is one. */
    static Optional<Pgroll> found() {
        return Executables.find("pgroll").map(Pgroll::new);
    }

    double fill(Ground ground) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("runbook-bench-pgroll");
        Path migration = folder.resolve("01_filled.yaml");
        try {
            Files.writeString(migration, MIGRATION);
            run(ground, "init");
            run(ground, "baseline", "00_accounts", folder.toString(), "--yes");
            long began = System.nanoTime();
            run(ground, "start", migration.toString());
            run(ground, "complete");
            return (System.nanoTime() - began) / 1e9;
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private void run(Ground ground, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--schema", "bench", "--postgres-url", address(ground)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put("PGPASSFILE", ground.database().postgres().passFile().toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new RunbookException("bench: pgroll " + words[0] + " ended with " + process.exitValue()
                    + ", expected 0. Leave its arm out with --arms, or look at what it said:\n" + said.strip());
        }
    }

    private static String address(Ground ground) {
        return "postgres://" + Role.SUPERUSER.user() + "@127.0.0.1:"
                + ground.database().postgres().port() + "/" + ground.database().name() + "?sslmode=disable";
    }
}
