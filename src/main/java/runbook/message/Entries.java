package runbook.message;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a list of objects, each for one place of the run. One that names none holds for all places without their own,
 * and gives the others what they leave out.
 *
 * @param key the field that names the place
 * @param places those that there are
 */
record Entries(String list, String key, List<String> places, List<String> problems) {

    /** Reads one; {@code place} is empty in the one for all others. */
    interface Reader<T> {
        T read(Fields fields, String place, T usual);
    }

    /** Adds every problem of every entry. */
    <T> List<T> read(List<Map<?, ?>> typed, T usual, Reader<T> reader) {
        Map<String, T> read = new LinkedHashMap<>();
        for (Map<?, ?> entry : typed) {
            if (!entry.containsKey(key)) {
                once(read, "", reader.read(fields(entry, ""), "", usual));
            }
        }
        T others = read.getOrDefault("", usual);
        for (Map<?, ?> entry : typed) {
            if (entry.get(key) instanceof String place && places.contains(place)) {
                once(read, place, reader.read(fields(entry, place), place, others));
            } else if (entry.containsKey(key)) {
                fields(entry, "").missing(key, "one of " + String.join(", ", places), "");
                reader.read(fields(entry, ""), "", others);
            }
        }
        return List.copyOf(read.values());
    }

    private Fields fields(Map<?, ?> entry, String place) {
        return new Fields(where(place), entry, problems);
    }

    private <T> void once(Map<String, T> read, String place, T entry) {
        if (read.put(place, entry) != null) {
            problems.add(where(place) + (place.isEmpty() ? "two without '" + key + "'" : "given twice"));
        }
    }

    private String where(String place) {
        return "'" + list + "'" + (place.isEmpty() ? "" : ", " + place) + ": ";
    }
}
