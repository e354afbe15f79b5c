package runbook.migrations.individualprocessstatus;

import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESSES;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import runbook.engine.EngineBatch;
import runbook.spi.Backfill;

/**
 * How mirrors and batches are written: as they are, or with a fault of which it is known what it loses. The faulty ones are
 * in {@code races/}: what replaces a part of the mirrors, and the statement of a batch.
 *
 * @param mirror the name of what is put in the place of the real mirrors; none where they stay
 * @param batch the name of a batch's statement; none for the engine's own
 * @param manner how the engine's own deals with others
 */
record Pattern(@Nullable String mirror, @Nullable String batch, EngineBatch manner, Backfill backfill) {

    private static final Backfill STATUSES =
            new IndividualProcessStatus().backfills().get(0);

    /** The real mirrors, and the real batch in its usual manner. */
    static final Pattern REAL = new Pattern(null, null, EngineBatch.WAIT, STATUSES);

    /** The same, with every batch that the engine has. */
    static final List<Pattern> ALL_REAL = List.of(
            REAL,
            new Pattern(null, null, EngineBatch.PASS_BY, STATUSES),
            new Pattern(null, null, EngineBatch.UNCLAIMED, STATUSES),
            new Pattern(null, null, EngineBatch.WAIT, Mapped.BACKFILL));

    static Pattern mirror(String fault) {
        return new Pattern(fault, null, EngineBatch.WAIT, STATUSES);
    }

    static Pattern batch(String fault) {
        return REAL.with(fault);
    }

    Pattern with(String faultyBatch) {
        return new Pattern(mirror, faultyBatch, manner, backfill);
    }

    /** For the batch that ends the copy: it waits, if it is the engine's. */
    Pattern atTheEnd() {
        return new Pattern(mirror, batch, EngineBatch.WAIT, backfill);
    }

    boolean isReal() {
        return mirror == null && batch == null;
    }

    /** What makes the mirrors faulty. */
    String setup() {
        return mirror == null ? "" : read("mirror/" + mirror);
    }

    /** A batch that copies the processes from one number to another. */
    Write copy(long from, long upto) {
        return new Write(
                "a batch of " + from + " to " + upto,
                connection -> batch == null
                        ? manner.copied(connection, backfill, INDIVIDUAL_PROCESSES.ID.between(from, upto))
                        : Session.sql(read("batch/" + batch).formatted(from, upto))
                                .on(connection),
                null);
    }

    private static String read(String name) {
        try (InputStream file = Pattern.class.getResourceAsStream("/races/" + name + ".sql")) {
            if (file == null) {
                throw new IllegalArgumentException("races/" + name + ".sql is not there");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        if (isReal()) {
            return "the engine's batch, " + manner + (backfill.equals(STATUSES) ? "" : ", mapped in Java");
        }
        return (mirror == null ? "" : "mirror " + mirror)
                + (mirror == null || batch == null ? "" : ", ")
                + (batch == null ? "" : "batch " + batch);
    }
}
