package runbook.message;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * When work may be done: in any of the windows, in none of the freezes.
 *
 * @param windows none for any time
 */
public record Schedule(List<String> windows, List<String> freezes) {

    /** At any time. */
    public static final Schedule ALWAYS = new Schedule(List.of(), List.of());

    public Schedule {
        windows = List.copyOf(windows);
        freezes = List.copyOf(freezes);
    }

    /** Adds a problem for every text that cannot be read, and leaves that text out. */
    static Schedule of(List<String> windows, List<String> freezes, List<String> problems) {
        return new Schedule(
                readable(windows, Window::of, text -> problems.add(problem("windows", Window.EXPECTED, text))),
                readable(freezes, Freeze::of, text -> problems.add(problem("freezes", Freeze.EXPECTED, text))));
    }

    /** The moment itself when work may be done then, else the next one. */
    public Instant opens(Instant at) {
        Instant next = at;
        while (true) {
            Instant unfrozen = afterFreezes(next);
            Instant open = inWindow(unfrozen);
            if (open.equals(next)) {
                return next;
            }
            next = open;
        }
    }

    private Instant afterFreezes(Instant at) {
        return freezes.stream()
                .map(Freeze::of)
                .flatMap(Optional::stream)
                .filter(freeze -> freeze.holds(at))
                .map(Freeze::to)
                .max(Comparator.naturalOrder())
                .orElse(at);
    }

    private Instant inWindow(Instant at) {
        return windows.stream()
                .map(Window::of)
                .flatMap(Optional::stream)
                .map(window -> window.opens(at))
                .min(Comparator.naturalOrder())
                .orElse(at);
    }

    private static List<String> readable(
            List<String> texts, Function<String, Optional<?>> read, Consumer<String> otherwise) {
        texts.stream().filter(text -> read.apply(text).isEmpty()).forEach(otherwise);
        return texts.stream().filter(text -> read.apply(text).isPresent()).toList();
    }

    private static String problem(String field, String expected, String found) {
        return "'" + field + "': expected " + expected + ", found \"" + found + "\"";
    }
}
