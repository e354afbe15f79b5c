package runbook.engine.sweep;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stands between a worker and its database, reads along, and can hold or cut a connection at a chosen point. */
final class Proxy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);

    private final ServerSocket door;
    private final int port;
    private final IntFunction<@Nullable String> transactions;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Trap> armed = new AtomicReference<>();

    /**
     * Opens on a free port.
     *
     * @param port where the database listens, whenever it does
     * @param transactions tells of a process of the database in which transaction it is
     */
    Proxy(int port, IntFunction<@Nullable String> transactions) throws IOException {
        this.port = port;
        this.transactions = transactions;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Link.thread("proxy", this::listen).start();
    }

    int port() {
        return door.getLocalPort();
    }

    private void listen() {
        while (!door.isClosed()) {
            try {
                Socket worker = door.accept();
                try {
                    Link link = new Link(this, worker, new Socket(InetAddress.getLoopbackAddress(), port));
                    links.add(link);
                    link.open();
                } catch (IOException e) {
                    LOG.debug("no database to connect to", e);
                    worker.close();
                }
            } catch (IOException e) {
                LOG.debug("nobody came in; the door is closed, or who knocked went away", e);
            }
        }
    }

    /** Holds the next batch at a point. */
    Trap arm(Point point) {
        Trap trap = new Trap(point);
        armed.set(trap);
        return trap;
    }

    void disarm() {
        armed.set(null);
    }

    /** The armed trap, for the first batch that comes by: when it begins, or when it has begun. */
    @Nullable
    Trap spring(SeenBatch batch, boolean begun) {
        Trap trap = armed.get();
        if (trap == null || trap.wantsItBegun() != begun || !armed.compareAndSet(trap, null)) {
            return null;
        }
        batch.numbered(transactions.apply(batch.link().backend()));
        trap.take(batch);
        return trap;
    }

    /** A batch that is open now. */
    Optional<SeenBatch> open() {
        return links.stream()
                .flatMap(link -> link.batch().stream())
                .filter(batch -> batch.stage() != SeenBatch.Stage.TOLD)
                .findAny();
    }

    void forget(Link link) {
        links.remove(link);
    }

    void cutAll() {
        links.forEach(Link::cut);
    }

    @Override
    public void close() throws IOException {
        door.close();
        cutAll();
    }
}
