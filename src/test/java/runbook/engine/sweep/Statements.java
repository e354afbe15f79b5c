package runbook.engine.sweep;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Which statements a connection sends: prepared under a name once, executed by that name later. */
final class Statements {

    /** What matters to a sweep. */
    enum What {
        BEGIN,
        BATCH,
        COMMIT,
        ANYTHING
    }

    private final Map<String, String> prepared = new HashMap<>();
    private What what = What.ANYTHING;

    /** Takes note of a message of the worker. */
    void read(int type, byte[] body) {
        if (type == 'P') {
            String name = text(body, 0);
            prepared.put(name, text(body, length(name)));
        } else if (type == 'B') {
            String portal = text(body, 0);
            execute(prepared.getOrDefault(text(body, length(portal)), ""));
        } else if (type == 'Q') {
            execute(text(body, 0));
        }
    }

    /** What was executed since the last call. */
    What executed() {
        What executed = what;
        what = What.ANYTHING;
        return executed;
    }

    private void execute(String sql) {
        if (sql.startsWith("explain")) {
            return;
        }
        if (sql.equalsIgnoreCase("commit")) {
            what = What.COMMIT;
        } else if (sql.contains("\"individual_process_status_claims\"") && sql.contains("insert into")) {
            what = What.BATCH;
        } else if (sql.startsWith("set local idle_in_transaction_session_timeout")) {
            what = What.BEGIN;
        }
    }

    /** A text in the protocol ends with a zero byte. */
    private static String text(byte[] body, int from) {
        int end = from;
        while (body[end] != 0) {
            end++;
        }
        return new String(body, from, end - from, StandardCharsets.UTF_8);
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length + 1;
    }
}
