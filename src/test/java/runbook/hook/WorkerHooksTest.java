package runbook.hook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import runbook.Eventually;
import runbook.message.Notice;
import runbook.message.Occasion;

/** How a hook is told, and what is heard of its answer. */
class WorkerHooksTest {

    private static final String SECRET = "kept between two";

    private static final Notice PARKED = Told.of(Occasion.PARKED);

    @TempDir
    Path folder;

    private final AtomicReference<byte[]> body = new AtomicReference<>(new byte[0]);
    private final AtomicReference<String> signature = new AtomicReference<>("");
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            body.set(exchange.getRequestBody().readAllBytes());
            signature.set(String.valueOf(exchange.getRequestHeaders().getFirst("Runbook-Signature")));
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/hang")) {
                await();
            }
            if (path.equals("/endless")) {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("hunter2".getBytes(UTF_8));
                exchange.getResponseBody().flush();
                await();
                return;
            }
            exchange.getResponseHeaders().set("Location", "/200");
            byte[] answer = "the secret is hunter2".getBytes(UTF_8);
            exchange.sendResponseHeaders(
                    path.matches("/\\d+") ? Integer.parseInt(path.substring(1)) : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.setExecutor(work -> new Thread(work).start());
        server.start();
    }

    @AfterEach
    void end() {
        over.countDown();
        server.stop(0);
    }

    private void await() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String post(String path, String fields) throws Exception {
        return told("'url': 'http://localhost:" + server.getAddress().getPort() + path + "'" + fields);
    }

    private String script(String lines, String fields) throws Exception {
        Path script = Files.writeString(folder.resolve("hook"), "#!/bin/sh\n" + lines + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return told("'command': ['" + script + "', 'an argument']" + fields);
    }

    private String told(String fields) throws Exception {
        return hooks(fields).tell("it", PARKED);
    }

    private WorkerHooks hooks(String fields) throws Exception {
        String json = ("{'hooks': [{'name': 'it', " + fields + "}]}").replace('\'', '"');
        Path file = Files.writeString(folder.resolve("hooks.json"), json);
        HookFile read = HookFile.read(file, Map.of("PATH", System.getenv("PATH"), "S", SECRET));
        assertThat(read.problems()).isEmpty();
        return read.hooks();
    }

    @Test
    void a_command_reads_the_notice_and_agrees_by_exit_code_0() throws Exception {
        assertThat(script("cat > '" + folder + "/in'; echo \"$1\" > '" + folder + "/arguments'", ""))
                .isEmpty();

        JsonNode read = new ObjectMapper().readTree(folder.resolve("in").toFile());
        assertThat(read.toString())
                .isEqualTo("{\"id\":\"5f0e/hook/7\",\"event\":\"parked\",\"at\":\"2026-05-04T03:02:01Z\","
                        + "\"migration\":\"individual_process_status\",\"target\":\"shop\",\"run\":3,"
                        + "\"namespace\":\"default\",\"workflow\":\"individual_process_status@shop\","
                        + "\"workflowRun\":\"5f0e\",\"place\":\"cutover\",\"state\":\"parked: cutover\","
                        + "\"verdict\":\"\",\"evidence\":\"\",\"person\":\"\",\"lasting\":\"PT0S\","
                        + "\"problems\":[\"3 rows differ.\"],"
                        + "\"command\":\"temporal workflow metadata -w individual_process_status@shop\"}");
        assertThat(folder.resolve("arguments")).hasContent("an argument");
    }

    @Test
    void of_a_command_that_prints_secrets_only_the_exit_code_is_heard() throws Exception {
        assertThat(script("echo hunter2; echo hunter2 >&2; exit 3", "")).isEqualTo("exit code 3.");
        assertThat(script("yes hunter2 | head -c 1000000; exit 4", "")).isEqualTo("exit code 4.");
    }

    @Test
    void a_command_that_hangs_is_killed_with_all_that_it_started() throws Exception {
        Instant before = Instant.now();

        assertThat(script("sleep 300 & echo $! > '" + folder + "/child'; wait", ", 'timeout': 'PT1S'"))
                .isEqualTo("no answer within PT1S; it was killed.");

        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(10));
        long child = Long.parseLong(Files.readString(folder.resolve("child")).strip());
        Eventually.holds("the sleep is gone", Duration.ofSeconds(10), () -> ProcessHandle.of(child)
                .filter(ProcessHandle::isAlive)
                .isEmpty());
    }

    @Test
    void a_command_that_went_away_after_the_start_is_told_by_no_path() throws Exception {
        Path script = Files.createFile(folder.resolve("hook"));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        WorkerHooks hooks = hooks("'command': ['" + script + "']");
        Files.delete(script);

        assertThat(hooks.tell("it", PARKED)).isEqualTo("its command cannot be started.");
    }

    @Test
    void a_hook_of_another_file_is_not_taken_for_told() throws Exception {
        assertThat(WorkerHooks.NONE.tell("it", PARKED))
                .isEqualTo("this worker has no such hook; all workers need the same file.");
    }

    @Test
    void a_post_is_signed_with_the_code_that_the_receiver_computes() throws Exception {
        assertThat(post("/200", ", 'secretFrom': 'S'")).isEmpty();

        assertThat(signature.get()).isEqualTo("sha256=" + hmac(SECRET.getBytes(UTF_8), body.get()));
        assertThat(new ObjectMapper().readTree(body.get()).path("event").asText())
                .isEqualTo("parked");
        byte[] first = body.get();
        assertThat(post("/200", ", 'secretFrom': 'S'")).isEmpty();
        assertThat(body.get()).isEqualTo(first);
        assertThat(post("/200", "")).isEmpty();
        assertThat(signature.get()).isEqualTo("null");
    }

    /** RFC 2104, by hand. */
    private static String hmac(byte[] secret, byte[] text) throws Exception {
        byte[] inner = Arrays.copyOf(secret, 64);
        byte[] outer = Arrays.copyOf(secret, 64);
        for (int i = 0; i < 64; i++) {
            inner[i] ^= 0x36;
            outer[i] ^= 0x5c;
        }
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        sha.update(inner);
        byte[] hashed = sha.digest(text);
        sha.update(outer);
        return HexFormat.of().formatHex(sha.digest(hashed));
    }

    @Test
    void any_status_but_2xx_speaks_against_it_and_nothing_else_is_heard() throws Exception {
        assertThat(post("/204", "")).isEmpty();
        assertThat(post("/500", "")).isEqualTo("status 500.");
        assertThat(post("/403", "")).isEqualTo("status 403.");
        assertThat(post("/302", "")).isEqualTo("status 302.");
    }

    @Test
    void a_server_that_hangs_or_never_ends_holds_nobody_up() throws Exception {
        Instant before = Instant.now();

        assertThat(post("/hang", ", 'timeout': 'PT1S'")).isEqualTo("no answer within PT1S.");
        assertThat(post("/endless", ", 'timeout': 'PT1S'")).isEqualTo("no answer within PT1S.");

        assertThat(Duration.between(before, Instant.now())).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(10));
    }

    @Test
    void a_server_that_is_not_there_is_told_by_no_address() throws Exception {
        server.stop(0);

        assertThat(post("/token-hunter2", "")).isEqualTo("it was not reached (ConnectException).");
    }
}
