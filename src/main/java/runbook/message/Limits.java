package runbook.message;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The limits that somebody set; every other {@link Signal} has its usual one.
 *
 * @param at by the signal's word
 * @param off signals that are not looked at
 */
public record Limits(Map<String, Double> at, List<String> off) {

    /** Every signal has its usual limit. */
    public static final Limits USUAL = new Limits(Map.of(), List.of());

    public Limits {
        at = Collections.unmodifiableMap(new TreeMap<>(at));
        off = List.copyOf(off);
    }

    /** Reads what a person typed, a signal's word with a number, a duration or "off", and adds every problem. */
    public static Limits of(Map<?, ?> typed, List<String> problems) {
        Map<String, Double> at = new TreeMap<>();
        List<String> off = new ArrayList<>();
        typed.forEach((word, value) -> {
            Optional<Signal> signal = Signal.named(word);
            if (signal.isEmpty()) {
                problems.add("'limits': unknown signal '" + word + "'; known signals: " + Signal.known());
            } else if ("off".equals(value)) {
                off.add(signal.get().word());
            } else {
                read(signal.get(), value, problems)
                        .ifPresent(limit -> at.put(signal.get().word(), limit));
            }
        });
        Collections.sort(off);
        return new Limits(at, off);
    }

    /** These limits, and for the signals that the changes do not name those that were in force before. */
    public Limits with(Limits changes) {
        Map<String, Double> merged = new TreeMap<>(at);
        merged.keySet().removeAll(changes.off);
        merged.putAll(changes.at);
        List<String> without = new ArrayList<>(off);
        without.removeAll(changes.at.keySet());
        without.removeAll(changes.off);
        without.addAll(changes.off);
        Collections.sort(without);
        return new Limits(merged, without);
    }

    /** The limit in force; empty where a signal is not looked at. */
    public Optional<Double> limit(Signal signal) {
        if (off.contains(signal.word())) {
            return Optional.empty();
        }
        return Optional.ofNullable(at.get(signal.word())).or(signal::usual);
    }

    /** As a person would type them. */
    public Map<String, Object> typed() {
        Map<String, Object> typed = new TreeMap<>(at);
        off.forEach(word -> typed.put(word, "off"));
        return typed;
    }

    private static Optional<Double> read(Signal signal, @Nullable Object value, List<String> problems) {
        Optional<Double> limit = number(signal.unit(), value).filter(signal.unit()::allows);
        if (limit.isEmpty()) {
            problems.add("'limits': '" + signal.word() + "': expected "
                    + signal.unit().expected() + ", or \"off\"; found "
                    + (value instanceof String ? "\"" + value + "\"" : value));
        }
        return limit;
    }

    private static Optional<Double> number(Unit unit, @Nullable Object value) {
        if (value instanceof Number number) {
            return Optional.of(number.doubleValue());
        }
        if (!(value instanceof String text) || unit != Unit.SECONDS) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.parse(text).toMillis() / 1_000.0);
        } catch (DateTimeParseException | ArithmeticException notADuration) {
            // The caller tells what was found and what was expected.
            return Optional.empty();
        }
    }
}
