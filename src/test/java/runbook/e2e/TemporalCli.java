package runbook.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real {@code temporal} program, as a person runs it. */
final class TemporalCli {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LIMIT_SECONDS = 90;

    private final String address;

    TemporalCli(String address) {
        this.address = address;
    }

    /** What a call printed, and its exit code. */
    record Printed(int code, String out, String err) {

        String all() {
            return out + err;
        }
    }

    Printed run(String... arguments) {
        return run(List.of(arguments));
    }

    Printed run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("temporal"));
        command.addAll(arguments);
        command.addAll(List.of("--address", address));
        try {
            Path out = Files.createTempFile("temporal", ".out");
            Path err = Files.createTempFile("temporal", ".err");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("no answer in " + LIMIT_SECONDS + " s: " + command);
                }
                return new Printed(process.exitValue(), read(out), read(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The answer of the query {@code status}. */
    JsonNode status(String workflow) {
        return query(workflow, "status");
    }

    JsonNode query(String workflow, String name) {
        Printed printed =
                run("workflow", "query", "-w", workflow, "--name", name, "-o", "json", "--command-timeout", "30s");
        if (printed.code() != 0) {
            throw new IllegalStateException(printed.all());
        }
        return json(printed.out()).path("queryResult").path(0);
    }

    Printed signal(String workflow, String name, String json) {
        return run("workflow", "signal", "-w", workflow, "--name", name, "--input", json, "--identity", "alice");
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
