package runbook.engine.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What people have decided on, from the decision that their approval quotes. */
final class Decided {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Decided() {}

    /** The numbers in one sentence; empty for a decision that has none. */
    static String words(String decision) {
        JsonNode read = read(decision);
        List<String> words = new ArrayList<>();
        counted(read.path("checks")).forEach((verdict, count) -> words.add(count + " " + verdict));
        if (read.has("backup")) {
            words.add("backup " + read.path("backup").asText());
        }
        if (read.path("quarantined").asLong() > 0) {
            words.add(read.path("quarantined").asLong() + " quarantined");
        }
        counted(read.path("loss")).keySet().forEach(loss -> words.add("roll-back " + loss));
        return String.join("; ", words);
    }

    /** How often each word is said, whatever of. */
    private static Map<String, Integer> counted(JsonNode verdicts) {
        Map<String, Integer> counts = new TreeMap<>();
        verdicts.forEach(verdict -> counts.merge(verdict.asText().replace('_', ' '), 1, Integer::sum));
        return counts;
    }

    private static JsonNode read(String decision) {
        try {
            return MAPPER.readTree(decision);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a decision that was approved is no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
