package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.Eventually;
import runbook.RequiresTemporal;
import runbook.TestPostgres;
import runbook.cli.dev.DevTemporal;
import runbook.hook.HookFile;

/** A change board that is a script, and a pager that is a server: one holds the run, the other only listens. */
@RequiresTemporal
class HooksTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    final TestPostgres postgres = RunFixture.legacy();

    @TempDir
    Path folder;

    private final List<JsonNode> paged = new CopyOnWriteArrayList<>();
    private HttpServer pager;
    private RunFixture run;

    @BeforeEach
    void open(DevTemporal server) throws Exception {
        pager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pager.createContext("/", exchange -> {
            paged.add(JSON.readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        pager.start();
        run = new RunFixture(server, postgres.target(), folder);
    }

    @AfterEach
    void close() {
        run.close();
        pager.stop(0);
    }

    private Path board() throws Exception {
        Path script = Files.writeString(
                folder.resolve("board-ocelot"),
                "#!/bin/sh\ncat > '" + folder + "/asked'\ntest -e '" + folder + "/open' && exit 0\n"
                        + "echo password=ocelot\necho password=ocelot >&2\nexit 3\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    private HookFile hooks() throws Exception {
        Object board = Map.of(
                "name",
                "board",
                "on",
                List.of("gate_passed"),
                "blocking",
                true,
                "attempts",
                2,
                "command",
                List.of(board().toString()));
        Object page = Map.of(
                "name",
                "pager",
                "url",
                "http://localhost:" + pager.getAddress().getPort() + "/?token=ocelot",
                "secretFrom",
                "KEY");
        Path file = folder.resolve("hooks.json");
        JSON.writeValue(file.toFile(), Map.of("hooks", List.of(board, page)));
        return HookFile.read(file, Map.of("KEY", "ocelot"));
    }

    private List<String> events() {
        return paged.stream()
                .map(told ->
                        (told.path("event").asText() + " " + told.path("place").asText()).strip())
                .toList();
    }

    @Test
    @Timeout(120)
    void a_script_holds_a_run_that_people_have_approved_until_it_agrees() throws Exception {
        HookFile file = hooks();
        assertThat(file.problems()).isEmpty();
        run.withWorker(file.hooks());
        run.started(run.input("gates", List.of("schema", "drop")));
        run.approve("schema");

        run.parks(
                "schema",
                "The hook 'board' holds the run at gate_passed schema: exit code 3. Tried 2 times. Nothing was done since."
                        + " When it may go on send 'retry', which asks the hook again; or 'rollback'.");
        assertThat(JSON.readTree(folder.resolve("asked").toFile())
                        .path("workflow")
                        .asText())
                .isEqualTo(run.workflow());
        Eventually.holds("it is paged", RunView.PATIENCE, () -> events().contains("parked schema"));

        Files.createFile(folder.resolve("open"));
        run.completesAfterRetry();

        Eventually.holds("the end is told", RunView.PATIENCE, () -> events().contains("ended"));
        assertThat(events())
                .contains("phase_started assessment", "gate_opened schema", "approval schema", "phase_ended cleanup")
                .doesNotContain("rolled_back");
        String history = new String(run.view().history(run.workflow()).toByteArray(), StandardCharsets.UTF_8);
        assertThat(history).contains("hook board: gate_passed schema").doesNotContain("ocelot");
    }
}
