package runbook.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Everything that the application committed, in an order that is the database's own for each process. */
final class ChangeLog {

    private final boolean remembers;
    private final @Nullable Path file;
    private final AtomicLong sequence = new AtomicLong();
    private final ConcurrentHashMap<Long, Change> found = new ConcurrentHashMap<>();
    private final Set<Long> made = ConcurrentHashMap.newKeySet();
    private final List<Change> committed = new ArrayList<>();
    private final AtomicLong count = new AtomicLong();

    ChangeLog(boolean remembers, @Nullable Path file) {
        this.remembers = remembers;
        this.file = file;
    }

    /** To be called while the row that the change is about is locked by the caller. */
    long draw() {
        return sequence.incrementAndGet();
    }

    long last() {
        return sequence.get();
    }

    /** Whether what the process was before the first change must still be looked up. */
    boolean unseen(long process) {
        return remembers && !found.containsKey(process) && !made.contains(process);
    }

    /** Keeps the first look at a process; true whether or not the transaction of the look is committed. */
    void found(long process, @Nullable String status) {
        found.computeIfAbsent(
                process, id -> new Change(draw(), id, Change.Kind.FOUND, Change.Way.LEGACY, null, status, null, null));
    }

    /** A process that the application makes itself has no look before. */
    void made(long process) {
        if (remembers) {
            made.add(process);
        }
    }

    synchronized void committed(List<Change> changes) {
        count.addAndGet(changes.size());
        if (remembers) {
            committed.addAll(changes);
        }
        if (file != null) {
            append(file, changes);
        }
    }

    long count() {
        return count.get();
    }

    /** All changes in order, with the value before each. */
    List<Change> changes() {
        List<Change> ordered;
        synchronized (this) {
            ordered = new ArrayList<>(committed);
        }
        ordered.addAll(found.values());
        ordered.sort(Comparator.comparingLong(Change::sequence));

        Map<Long, @Nullable String> current = new HashMap<>();
        ordered.replaceAll(change -> {
            String before = current.get(change.process());
            current.put(change.process(), change.after());
            return change.from(before);
        });
        return ordered;
    }

    private static void append(Path file, List<Change> changes) {
        StringBuilder lines = new StringBuilder();
        for (Change change : changes) {
            lines.append(change.sequence())
                    .append('\t')
                    .append(change.process())
                    .append('\t');
            lines.append(change.kind()).append('\t').append(change.way()).append('\t');
            lines.append(text(change.after()))
                    .append('\t')
                    .append(change.actor())
                    .append('\n');
        }
        try {
            Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(@Nullable String value) {
        return value == null
                ? "\\N"
                : value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
    }
}
