package runbook.cli.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback address. Between the look and the use another process may take one: who uses it tries again. */
final class LoopbackPort {

    /** Below the range from which systems give ports to connections and to those who ask for any (seen to collide). */
    private static final int LOWEST = 20_000;

    private static final int BEYOND = 32_000;

    private LoopbackPort() {}

    /** A port that nobody listens on at this moment. */
    static int free() {
        int port;
        do {
            port = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
        } while (taken(port));
        return port;
    }

    static boolean taken(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return false;
        } catch (BindException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a server's log says that its port was taken. */
    static boolean blamedBy(String log) {
        return log.contains("ddress already in use");
    }
}
