package runbook.engine.sweep;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection through the proxy, message by message (PostgreSQL's protocol 3). */
final class Link {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    private final Proxy proxy;
    private final Socket worker;
    private final Socket database;
    private final Statements statements = new Statements();
    private volatile int backend;
    private volatile @Nullable SeenBatch batch;
    private volatile @Nullable Trap trap;

    Link(Proxy proxy, Socket worker, Socket database) throws IOException {
        this.proxy = proxy;
        this.worker = worker;
        this.database = database;
        worker.setTcpNoDelay(true);
        database.setTcpNoDelay(true);
    }

    /** One direction. */
    @FunctionalInterface
    private interface Relay {
        void run() throws IOException, InterruptedException;
    }

    void open() {
        thread("to the database", () -> relay(this::toTheDatabase)).start();
        thread("to the worker", () -> relay(this::toTheWorker)).start();
    }

    static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The process that serves it in the database. */
    int backend() {
        return backend;
    }

    Optional<SeenBatch> batch() {
        return Optional.ofNullable(batch);
    }

    /** Both ends find it closed; what was on the way is lost. */
    void cut() {
        proxy.forget(this);
        close(worker);
        close(database);
        Trap holding = trap;
        if (holding != null) {
            holding.miss();
            holding.letGo();
        }
    }

    private void relay(Relay direction) {
        try {
            direction.run();
        } catch (IOException e) {
            LOG.debug("a connection ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            cut();
        }
    }

    private void toTheDatabase() throws IOException, InterruptedException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(worker.getInputStream()));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(database.getOutputStream()));
        greet(in, out);
        ByteArrayOutputStream gathered = new ByteArrayOutputStream();
        while (true) {
            int type = in.readUnsignedByte();
            byte[] body = body(in);
            statements.read(type, body);
            write(new DataOutputStream(gathered), type, body);
            // Until one of these the database need not look at anything.
            if ("SHQpXcdf".indexOf(type) >= 0) {
                pass(statements.executed(), gathered, out);
                gathered.reset();
            }
        }
    }

    private void pass(Statements.What what, ByteArrayOutputStream messages, DataOutputStream out)
            throws IOException, InterruptedException {
        SeenBatch open = batch;
        if (what == Statements.What.BEGIN) {
            trap = proxy.spring(new SeenBatch(this), false);
            at(trap, Point.BEGINNING);
        } else if (what == Statements.What.BATCH) {
            open = new SeenBatch(this);
            trap = proxy.spring(open, true);
            batch = open;
        } else if (what == Statements.What.COMMIT && open != null) {
            at(trap, Point.WRITTEN);
            at(trap, Point.COMMITTING);
            open.is(SeenBatch.Stage.COMMITTING);
        }
        messages.writeTo(out);
        out.flush();
        if (what == Statements.What.BATCH) {
            at(trap, Point.WRITING);
        }
    }

    private void at(@Nullable Trap held, Point point) throws IOException, InterruptedException {
        if (held != null) {
            held.at(point);
            if (worker.isClosed()) {
                throw new IOException("cut at " + point);
            }
        }
    }

    private void toTheWorker() throws IOException, InterruptedException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(database.getInputStream()));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(worker.getOutputStream()));
        while (true) {
            int type = in.readUnsignedByte();
            byte[] body = body(in);
            if (type == 'K') {
                backend = ByteBuffer.wrap(body).getInt();
            }
            if (type == 'Z') {
                ready(body[0]);
            }
            write(out, type, body);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    /** The database has done what was asked; outside a transaction, or in one that failed, the batch is over. */
    private void ready(int status) throws IOException, InterruptedException {
        SeenBatch open = batch;
        if (open == null || status == 'T') {
            return;
        }
        Trap held = trap;
        if (open.stage() == SeenBatch.Stage.COMMITTING) {
            open.is(SeenBatch.Stage.ANSWERED);
            at(held, Point.COMMITTED);
        }
        if (held != null) {
            held.miss();
        }
        open.is(SeenBatch.Stage.TOLD);
        trap = null;
        batch = null;
    }

    /** Encryption is declined on the database's behalf; what opens the session has no type. */
    private void greet(DataInputStream in, DataOutputStream out) throws IOException {
        while (true) {
            int length = in.readInt();
            byte[] body = in.readNBytes(length - 4);
            int code = ByteBuffer.wrap(body).getInt();
            if (code != SSL_REQUEST && code != GSS_REQUEST) {
                out.writeInt(length);
                out.write(body);
                out.flush();
                return;
            }
            worker.getOutputStream().write('N');
            worker.getOutputStream().flush();
        }
    }

    private static byte[] body(DataInputStream in) throws IOException {
        byte[] body = new byte[in.readInt() - 4];
        in.readFully(body);
        return body;
    }

    private static void write(DataOutputStream out, int type, byte[] body) throws IOException {
        out.writeByte(type);
        out.writeInt(body.length + 4);
        out.write(body);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a connection that was cut did not close", e);
        }
    }
}
