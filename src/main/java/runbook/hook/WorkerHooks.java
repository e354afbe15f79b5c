package runbook.hook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.message.HookCall;
import runbook.message.Notice;

/** The hooks of a worker, in the order of its file. */
public final class WorkerHooks {

    /** Of a worker that was given no file. */
    public static final WorkerHooks NONE = new WorkerHooks(List.of());

    private static final Logger LOG = LoggerFactory.getLogger(WorkerHooks.class);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** With this a notice stays far below what a pipe holds; see {@link Command}. */
    private static final int MOST_PROBLEMS = 10;

    private static final int LONGEST_PROBLEM = 1_000;

    private final List<Hook> hooks;

    WorkerHooks(List<Hook> hooks) {
        this.hooks = List.copyOf(hooks);
    }

    /** Those that want to hear of it. Does nothing but look. */
    public List<HookCall> wanting(Notice notice) {
        return hooks.stream().filter(hook -> hook.wants(notice)).map(Hook::call).toList();
    }

    /**
     * Tells one of them, once.
     *
     * @return what speaks against going on; empty when it agrees
     * @throws InterruptedException when the worker stops
     */
    public String tell(String name, Notice notice) throws InterruptedException {
        for (Hook hook : hooks) {
            if (hook.call().name().equals(name)) {
                String against = hook.way().tell(body(notice), hook.call().limit());
                if (!against.isEmpty()) {
                    LOG.warn("Hook {}, {} {}: {}", name, notice.run().workflowId(), notice.words(), against);
                }
                return against;
            }
        }
        return "this worker has no such hook; all workers need the same file.";
    }

    /** What is sent, byte by byte the same at each attempt. */
    static byte[] body(Notice notice) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", notice.id());
        body.put("event", notice.occasion().word());
        body.put("at", notice.at().toString());
        body.put("migration", notice.run().migration());
        body.put("target", notice.run().target());
        body.put("run", notice.run().id());
        body.put("namespace", notice.namespace());
        body.put("workflow", notice.run().workflowId());
        body.put("workflowRun", notice.run().workflowRun());
        body.put("place", notice.place());
        body.put("state", notice.state());
        body.put("verdict", notice.verdict());
        body.put("evidence", notice.evidence());
        body.put("person", notice.person());
        body.put("lasting", notice.lasting().toString());
        body.put(
                "problems",
                notice.problems().stream()
                        .limit(MOST_PROBLEMS)
                        .map(problem -> problem.substring(0, Math.min(LONGEST_PROBLEM, problem.length())))
                        .toList());
        body.put("command", notice.command());
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers can be written as JSON", e);
        }
    }
}
