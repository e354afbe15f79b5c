package runbook.hook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import runbook.message.Fields;
import runbook.message.HookCall;
import runbook.message.Occasion;

/**
 * A worker's file of hooks. It is read once, when the worker starts, and found wanting as a whole: every problem at once.
 * No problem repeats an address or what is meant to be secret.
 *
 * @param problems what is wrong with the file; empty when it is good
 */
public record HookFile(WorkerHooks hooks, List<String> problems) {

    private static final Set<String> FIELDS = new TreeSet<>(
            List.of("name", "on", "command", "url", "secretFrom", "blocking", "timeout", "attempts", "throttledFor"));

    private static final Duration USUAL_LIMIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_LIMIT = Duration.ofMinutes(10);
    private static final Duration USUAL_THROTTLING = Duration.ofMinutes(10);
    private static final int USUAL_ATTEMPTS = 3;
    private static final int MOST_ATTEMPTS = 10;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    public HookFile {
        problems = List.copyOf(problems);
    }

    /** @param environment where secrets and the search path for commands come from */
    public static HookFile read(Path file, Map<String, String> environment) {
        Object decoded;
        try {
            decoded = JSON.readValue(Files.readString(file), Object.class);
        } catch (JsonProcessingException e) {
            // Its own message quotes what is there.
            return bad("line " + e.getLocation().getLineNr() + " is not JSON, or names a field twice");
        } catch (IOException e) {
            return bad("it cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        if (!(decoded instanceof Map<?, ?> values)) {
            return bad("expected one JSON object {\"hooks\": [{\"name\": \"pager\", …}]}");
        }
        List<String> problems = new ArrayList<>();
        Fields top = new Fields("", values, problems);
        top.known(Set.of("hooks"));
        List<Hook> hooks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Map<?, ?> each : top.objects("hooks", "{\"name\": \"pager\", \"url\": \"https://…\"}")) {
            int number = hooks.size() + 1;
            Hook hook = hook(new Fields("hook " + number + ": ", each, problems), environment);
            if (!names.add(hook.call().name())) {
                problems.add("hook " + number + ": 'name': another hook has it already");
            }
            hooks.add(hook);
        }
        return new HookFile(new WorkerHooks(hooks), problems);
    }

    private static HookFile bad(String problem) {
        return new HookFile(WorkerHooks.NONE, List.of(problem));
    }

    private static Hook hook(Fields fields, Map<String, String> environment) {
        fields.known(FIELDS);
        String name = fields.name("name");
        if (!name.isBlank() && !name.matches("[a-z0-9_-]{1,40}")) {
            fields.problem("name", "expected up to 40 of a-z, 0-9, '_' and '-': it is shown in histories");
        }
        Duration limit = fields.duration("timeout", USUAL_LIMIT, Duration.ofSeconds(1));
        if (limit.compareTo(LONGEST_LIMIT) > 0) {
            fields.problem("timeout", "expected " + LONGEST_LIMIT + " at most, found " + limit);
        }
        boolean blocking = fields.flag("blocking", false);
        Set<Occasion> on = occasions(fields, blocking);
        return new Hook(
                new HookCall(name, blocking, limit, fields.count("attempts", USUAL_ATTEMPTS, 1, MOST_ATTEMPTS)),
                on,
                fields.duration("throttledFor", USUAL_THROTTLING, Duration.ofMinutes(1)),
                way(fields, environment));
    }

    /** One that names nothing hears of everything. */
    private static Set<Occasion> occasions(Fields fields, boolean blocking) {
        Set<Occasion> on = EnumSet.noneOf(Occasion.class);
        List<String> words =
                EnumSet.allOf(Occasion.class).stream().map(Occasion::word).toList();
        for (String word : fields.texts("on", words)) {
            int found = words.indexOf(word);
            if (found < 0) {
                fields.problem("on", "unknown '" + word + "'; known: " + String.join(", ", words));
            } else {
                on.add(Occasion.values()[found]);
            }
        }
        if (on.isEmpty()) {
            fields.problem("on", "expected one occasion at least, or no such field for all");
        }
        if (blocking && on.stream().noneMatch(Occasion::stands)) {
            List<String> stands = EnumSet.allOf(Occasion.class).stream()
                    .filter(Occasion::stands)
                    .map(Occasion::word)
                    .toList();
            fields.problem("blocking", "a run stands still only on " + String.join(", ", stands));
        }
        return on;
    }

    private static Way way(Fields fields, Map<String, String> environment) {
        boolean command = fields.has("command");
        if (command == fields.has("url")) {
            fields.problem("command", "expected either that or 'url'");
        }
        return command ? command(fields, environment) : post(fields, environment);
    }

    private static Way command(Fields fields, Map<String, String> environment) {
        List<String> words = fields.texts("command", List.of());
        String path = environment.getOrDefault("PATH", "");
        if (words.isEmpty() || words.get(0).isBlank()) {
            fields.problem("command", "expected a program and its arguments, such as [\"/opt/hooks/page\", \"--now\"]");
        } else if (!Command.found(words.get(0), path)) {
            fields.problem("command", "there is no program of that name which may be executed");
        }
        if (fields.has("secretFrom")) {
            fields.problem("secretFrom", "signs what a 'url' is sent; a command has the worker's environment");
        }
        return new Command(words);
    }

    private static Way post(Fields fields, Map<String, String> environment) {
        Optional<URI> address = fields.has("url") ? address(fields) : Optional.empty();
        String variable = fields.text("secretFrom", "");
        String secret = environment.getOrDefault(variable, "");
        if (secret.isEmpty() && fields.has("secretFrom")) {
            fields.problem(
                    "secretFrom",
                    "expected the name of an environment variable that is set; no secret is read from this file");
        }
        return new Post(
                address.orElse(URI.create("http://localhost")), secret.isEmpty() ? null : new Signature(secret));
    }

    private static Optional<URI> address(Fields fields) {
        try {
            URI address = new URI(fields.text("url", ""));
            String scheme = String.valueOf(address.getScheme());
            if (address.getHost() != null
                    && address.getUserInfo() == null
                    && Set.of("http", "https").contains(scheme)) {
                return Optional.of(address);
            }
        } catch (URISyntaxException e) {
            // Told below without the text, which may hold a token.
        }
        fields.problem("url", "expected http:// or https://, a host, and no user or password");
        return Optional.empty();
    }
}
