package runbook.engine.backup;

import java.io.IOException;
import java.util.Locale;
import runbook.engine.RunbookException;

/**
 * Whether the folder's disk is large enough.
 *
 * @param needed the most that the files can be expected to need
 */
record Room(Unfinished unfinished, long needed) {

    /** Looks before anything is written. */
    void demand() throws IOException {
        if (unfinished.usable() < needed) {
            throw new RunbookException(full());
        }
    }

    /** The words for an error of the file system. */
    RunbookException explain(IOException error) {
        String said = String.valueOf(error.getMessage());
        if (said.contains("No space left") || said.contains("quota exceeded")) {
            return new RunbookException(full(), error);
        }
        return new RunbookException(
                "backup: " + unfinished.folder() + " cannot be written: " + error
                        + ". The unfinished folder was removed. Send the signal 'retry'.",
                error);
    }

    private String full() {
        return "backup: " + unfinished.folder() + ": not enough room: the tables need up to " + words(needed) + ", "
                + free() + " are free. The unfinished folder was removed, nothing else was changed."
                + " Make room or name a folder elsewhere, then send the signal 'retry'.";
    }

    private String free() {
        try {
            return words(unfinished.usable());
        } catch (IOException e) {
            return "an unknown number of bytes";
        }
    }

    static String words(long bytes) {
        String[] units = {"bytes", "kB", "MB", "GB", "TB"};
        double size = bytes;
        int unit = 0;
        while (size >= 1000 && unit < units.length - 1) {
            size /= 1000;
            unit++;
        }
        return unit == 0 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %s", size, units[unit]);
    }
}
