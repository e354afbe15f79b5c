package runbook.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;

/** Looks at the numbers that a command was given, and refuses all that are out of bounds in one message. */
final class Bounds {

    private static final int LAST_PORT = 65_535;

    private final String command;
    private final List<String> problems = new ArrayList<>();

    Bounds(String command) {
        this.command = command;
    }

    Bounds rows(long rows) {
        if (rows < 1) {
            problems.add("--rows: expected at least 1, found " + rows);
        }
        return this;
    }

    /** A port that was not given is a free one. */
    Bounds port(String option, @Nullable Integer port) {
        if (port != null && (port < 0 || port > LAST_PORT)) {
            problems.add(option + ": expected a port from 1 to " + LAST_PORT + ", or 0 for a free one, found " + port);
        }
        return this;
    }

    /** @throws RunbookException when anything was out of bounds */
    void hold() {
        if (!problems.isEmpty()) {
            throw new RunbookException(command + ": " + String.join("; ", problems) + ". Nothing was started.");
        }
    }
}
