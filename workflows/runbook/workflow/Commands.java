package runbook.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Temporal commands that people paste, with everything filled in that is known.
 *
 * @param workflowId of the run
 */
record Commands(String namespace, String workflowId) {

    /** The width of the page's pane: longer lines would need scrolling sideways. */
    static final int WIDTH = 54;

    private static final int ID_CHUNK = 44;

    /** The body of an approval or a rejection. */
    static Map<String, Object> approval(String gate, String evidence) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("gate", gate);
        body.put("evidence", evidence.substring(0, Math.min(8, evidence.length())));
        body.put("approver", "YOU");
        body.put("comment", "WHY");
        return body;
    }

    /** The body of a repair, dry at first. */
    static Map<String, Object> repair(String check, String repair) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("check", check);
        body.put("repair", repair);
        body.put("dryRun", true);
        body.put("requestedBy", "YOU");
        return body;
    }

    /** The body of a message about a stage. */
    static Map<String, Object> stage(String stage) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("stage", stage);
        body.putAll(request());
        return body;
    }

    /** The body of any other message. */
    static Map<String, Object> request() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("requestedBy", "YOU");
        body.put("reason", "WHY");
        return body;
    }

    /** What starts the run, in one line. */
    String start(String queue) {
        return "temporal workflow start" + namespaceFlag() + " --type Migration -t " + quoted(queue) + " -w "
                + quoted(workflowId) + " --input-file FILE --fail-existing";
    }

    /** Where to look. */
    String look() {
        return "temporal workflow metadata" + namespaceFlag() + " -w " + quoted(workflowId);
    }

    /** One line, for scripts and JSON. */
    String line(String verb, Map<String, Object> body) {
        return "temporal workflow update execute" + namespaceFlag() + " -w " + quoted(workflowId) + " --name " + verb
                + " --input '{" + String.join(",", pairs(body, ":")) + "}'";
    }

    /** The same over lines that fit the page. */
    List<String> block(String verb, Map<String, Object> body) {
        List<String> lines = new ArrayList<>();
        lines.add("temporal workflow update execute \\");
        if (!namespaceFlag().isEmpty()) {
            lines.add(" " + namespaceFlag() + " \\");
        }
        String name = " --name " + verb + " --input '{";
        String id = "  -w " + chunked();
        if (id.length() + name.length() <= WIDTH) {
            lines.add(id + name);
        } else {
            lines.addAll(List.of((id + " \\").split("\n")));
            lines.add(" " + name);
        }
        lines.addAll(folded(pairs(body, ":")));
        return lines;
    }

    /** As many fields on a line as fit. One that is too long for a line is cut as the shell joins it again. */
    private static List<String> folded(List<String> pairs) {
        List<String> lines = new ArrayList<>();
        String line = " ";
        for (int i = 0; i < pairs.size(); i++) {
            String pair = pairs.get(i) + (i + 1 < pairs.size() ? "," : "}'");
            if (!line.isBlank() && line.length() + pair.length() > WIDTH) {
                lines.add(line);
                line = " ";
            }
            line += line.isBlank() ? " " + pair : pair;
            while (line.length() > WIDTH) {
                int space = line.lastIndexOf(' ', WIDTH - 3) + 1;
                int cut = space > WIDTH / 2 ? space : WIDTH - 2;
                lines.add(line.substring(0, cut) + "'\\");
                line = "'" + line.substring(cut);
            }
        }
        lines.add(line);
        return lines;
    }

    /** The body alone, as it is pasted into the Web UI; spread out, since that form sends at the first click. */
    static List<String> json(Map<String, Object> body) {
        List<String> lines = new ArrayList<>();
        lines.add("{");
        List<String> pairs = pairs(body, ": ");
        for (int i = 0; i < pairs.size(); i++) {
            lines.add("  " + pairs.get(i) + (i + 1 < pairs.size() ? "," : ""));
        }
        lines.add("}");
        return lines;
    }

    private String namespaceFlag() {
        return namespace.equals("default") ? "" : " -n " + quoted(namespace);
    }

    private String chunked() {
        List<String> chunks = new ArrayList<>();
        for (int at = 0; at < workflowId.length(); at += ID_CHUNK) {
            chunks.add(quoted(workflowId.substring(at, Math.min(at + ID_CHUNK, workflowId.length()))));
        }
        return String.join("\\\n", chunks);
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./@:-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static List<String> pairs(Map<String, Object> body, String between) {
        List<String> pairs = new ArrayList<>();
        body.forEach((field, value) -> pairs.add(
                "\"" + field + "\"" + between + (value instanceof String text ? "\"" + escaped(text) + "\"" : value)));
        return pairs;
    }

    /** A quote of either kind would end the JSON text, or the shell's. */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("'", "\\u0027");
    }
}
