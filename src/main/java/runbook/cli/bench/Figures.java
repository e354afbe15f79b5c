package runbook.cli.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured: seconds of each round, and the ratios of their medians. */
public final class Figures {

    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
    private final Map<Arm, Double> ratios = new LinkedHashMap<>();

    /** One kind of work and its rounds. */
    public record Rounds(String name, List<Double> seconds) {

        public double median() {
            return Figures.median(seconds);
        }
    }

    /** As every bench command prints it. */
    public record Json(List<Rounds> arms, Map<String, Double> ratios) {}

    void add(String name, double value) {
        seconds.computeIfAbsent(name, none -> new ArrayList<>()).add(rounded(value));
    }

    double median(String name) {
        return median(seconds.getOrDefault(name, List.of()));
    }

    void ratio(Arm arm, double value) {
        ratios.put(arm, rounded(value));
    }

    /** The ratio of an arm, where both ways were measured. */
    void compare(Arm arm, String other, String own) {
        double ratio = median(other) / median(own);
        if (!Double.isNaN(ratio)) {
            ratio(arm, ratio);
        }
    }

    /** The ratios, by arm. */
    public Map<Arm, Double> ratios() {
        return Collections.unmodifiableMap(ratios);
    }

    /** Every kind of work, in the order of its first round. */
    public List<Rounds> rounds() {
        List<Rounds> all = new ArrayList<>();
        seconds.forEach((name, values) -> all.add(new Rounds(name, List.copyOf(values))));
        return all;
    }

    /** For {@code --json}. */
    public Json json() {
        Map<String, Double> named = new LinkedHashMap<>();
        ratios.forEach((arm, ratio) -> named.put(arm.word(), ratio));
        return new Json(rounds(), named);
    }

    /** Ratios on the wrong side of their line. */
    public List<String> missed() {
        return ratios.entrySet().stream()
                .filter(entry -> !entry.getKey().holds(entry.getValue()))
                .map(entry -> entry.getKey().word() + " is " + entry.getValue() + ", expected "
                        + entry.getKey().limit())
                .toList();
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.isEmpty()
                ? Double.NaN
                : sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }
}
