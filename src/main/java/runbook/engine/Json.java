package runbook.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.erdtman.jcs.JsonCanonicalizer;
import org.jooq.JSONB;
import runbook.message.Limits;

/** JSON in and out of the database, canonical where it is hashed. */
public final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON: " + value.getClass(), e);
        }
    }

    /** RFC 8785, so that equal facts give equal bytes. */
    public static String canonical(Object value) {
        try {
            return new JsonCanonicalizer(write(value)).getEncodedString();
        } catch (IOException e) {
            throw new IllegalArgumentException("not canonical JSON", e);
        }
    }

    public static List<String> texts(String json) {
        try {
            return MAPPER.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected a JSON list of texts", e);
        }
    }

    /** Names with a list of texts each, in the order of the names. */
    static Map<String, List<String>> lists(String json) {
        try {
            return MAPPER.readValue(json, new TypeReference<TreeMap<String, List<String>>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected a JSON object of lists of texts", e);
        }
    }

    /** Limits as they were typed, and judged then. */
    public static Limits limits(JSONB typed) {
        try {
            return Limits.of(
                    MAPPER.readValue(typed.data(), new TypeReference<Map<String, Object>>() {}), new ArrayList<>());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected a JSON object of limits", e);
        }
    }

    static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected JSON", e);
        }
    }

    /** SHA-256 in hex. */
    public static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
