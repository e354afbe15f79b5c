package runbook.engine.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses what is written, and measures and hashes what comes out. */
final class Packing extends OutputStream {

    private static final int BUFFER = 64 * 1024;

    private final Weighing weighed;
    private final OutputStream packed;

    /** @param total where the bytes of several files add up */
    Packing(OutputStream file, AtomicLong total) throws IOException {
        this.weighed = new Weighing(file, total);
        this.packed = new FastGzip(weighed);
    }

    @Override
    public void write(int one) throws IOException {
        packed.write(one);
    }

    @Override
    public void write(byte[] piece, int from, int length) throws IOException {
        packed.write(piece, from, length);
    }

    @Override
    public void close() throws IOException {
        packed.close();
    }

    /** What lies in the file; complete once this is closed. */
    long bytes() {
        return weighed.bytes;
    }

    String sha256() {
        return HexFormat.of().formatHex(weighed.digest.digest());
    }

    static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The quickest level: a held snapshot costs the source more than some bytes cost the folder. */
    private static final class FastGzip extends GZIPOutputStream {

        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private static final class Weighing extends OutputStream {

        private final OutputStream file;
        private final AtomicLong total;
        private final MessageDigest digest = sha256Digest();
        private long bytes;

        Weighing(OutputStream file, AtomicLong total) {
            this.file = file;
            this.total = total;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] piece, int from, int length) throws IOException {
            file.write(piece, from, length);
            digest.update(piece, from, length);
            bytes += length;
            total.addAndGet(length);
        }

        @Override
        public void flush() throws IOException {
            file.flush();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
