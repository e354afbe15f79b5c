package runbook.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import runbook.engine.Results.Look;
import runbook.message.CheckVerdict;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;
import runbook.spi.Severity;

/** What a run will take: room on two disks, and time as a range. */
final class Forecast {

    /** Units in a second of one slot that is alone on a quick server, and of one that gives way to a busy application. */
    private static final long QUICK = 50_000;

    private static final long SLOW = 2_000;

    private Forecast() {}

    /** Seconds that the copy will take, put beside the other numbers. */
    static String time(long rows, Map<String, Long> counts) {
        long least = rows / QUICK + 1;
        long most = rows / SLOW + 1;
        counts.put("copy seconds, at least", least);
        counts.put("copy seconds, at most", most);
        return most < 120
                ? "copy " + least + " to " + most + " s"
                : "copy " + (least / 60 + 1) + " to " + (most / 60 + 1) + " min";
    }

    /** @param bytes of the touched tables, with their indexes */
    static List<CheckVerdict> room(Results results, PhaseRequest request, long bytes) {
        return List.of(
                results.run("the backup folder has room", Severity.ADVISORY, tx -> folder(request, bytes)),
                results.run(
                        "the server's disk has room",
                        Severity.ADVISORY,
                        tx -> new Look(
                                Verdict.NOT_VERIFIED,
                                "the drill and the new shape need up to " + 2 * bytes
                                        + " bytes; SQL cannot tell what is free: look with df on the server",
                                null)));
    }

    private static Look folder(PhaseRequest request, long bytes) {
        Path folder = existing(Path.of(request.start().backups()).toAbsolutePath());
        try {
            long free = folder == null ? -1 : Files.getFileStore(folder).getUsableSpace();
            return new Look(
                    free >= bytes ? Verdict.PASSED : free < 0 ? Verdict.NOT_VERIFIED : Verdict.FAILED,
                    "found " + free + " bytes free on the worker, expected up to " + bytes,
                    null);
        } catch (IOException e) {
            return new Look(Verdict.NOT_VERIFIED, "the worker's disk does not tell what is free", null);
        }
    }

    private static @Nullable Path existing(Path folder) {
        Path there = folder;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return there;
    }
}
