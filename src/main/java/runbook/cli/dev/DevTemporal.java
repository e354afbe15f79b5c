package runbook.cli.dev;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;

/**
 * A Temporal server of one's own on the loopback address: {@code temporal server start-dev} with its Web UI where there
 * is a {@code temporal} on the PATH, else the SDK's test server in this JVM, which keeps nothing and lists nothing.
 */
public final class DevTemporal implements AutoCloseable {

    private static final String NAMESPACE = "default";

    /** What both kinds of server can tell. */
    interface Server extends AutoCloseable {
        int port();

        Optional<Integer> uiPort();

        OptionalLong pid();

        @Override
        void close();
    }

    private final Server server;

    /**
     * How to start.
     *
     * @param dir where the store is kept from start to start, or null for one that is gone at the end
     * @param port the port to listen on, or 0 for a free one
     * @param uiPort the port of the Web UI, or 0 for a free one
     * @param path where to look for {@code temporal}, as the environment variable PATH
     */
    public record Options(@Nullable Path dir, int port, int uiPort, String path) {

        /** On free ports, with nothing kept. */
        public static Options temporary() {
            return new Options(null, 0, 0, System.getenv().getOrDefault("PATH", ""));
        }

        public Options keptIn(Path dir) {
            return new Options(dir, port, uiPort, path);
        }

        public Options onPorts(int port, int uiPort) {
            return new Options(dir, port, uiPort, path);
        }

        public Options lookingIn(String path) {
            return new Options(dir, port, uiPort, path);
        }
    }

    private DevTemporal(Server server) {
        this.server = server;
    }

    /** Starts a server and returns when it answers. */
    public static DevTemporal start(Options options) {
        for (int port : List.of(options.port(), options.uiPort())) {
            if (port != 0 && LoopbackPort.taken(port)) {
                throw new RunbookException("dev: port " + port + " is taken by another process."
                        + " Nothing was started. Choose another port for Temporal.");
            }
        }
        Optional<Path> program = Executables.find("temporal", options.path());
        if (program.isPresent()) {
            return new DevTemporal(TemporalProcess.start(program.get(), options, NAMESPACE));
        }
        if (options.dir() != null) {
            throw new RunbookException("dev: --dir " + options.dir() + " cannot be kept: there is no 'temporal' on the"
                    + " PATH, and the test server that takes its place holds everything in memory."
                    + " Nothing was started. Install the Temporal CLI, or leave --dir out.");
        }
        return new DevTemporal(InProcessTemporal.start(options.port()));
    }

    /** Whether a {@code temporal} is on this JVM's PATH. */
    public static boolean programFound() {
        return Executables.find("temporal").isPresent();
    }

    /** Host and port, as {@code TEMPORAL_ADDRESS} takes them. */
    public String address() {
        return "127.0.0.1:" + server.port();
    }

    public String namespace() {
        return NAMESPACE;
    }

    /** The Web UI, where the server has one. */
    public Optional<String> uiAddress() {
        return server.uiPort().map(port -> "http://127.0.0.1:" + port);
    }

    /** Whether this is {@code start-dev} and not the test server. */
    public boolean realServer() {
        return server.uiPort().isPresent();
    }

    /** The server's process, where it has one of its own. */
    public OptionalLong pid() {
        return server.pid();
    }

    @Override
    public void close() {
        server.close();
    }
}
