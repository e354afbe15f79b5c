package runbook.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import runbook.message.Progress;
import runbook.message.SlotProgress;
import runbook.message.Status;
import runbook.message.StatusBackfill;
import runbook.message.StatusPhase;

/** What the demo shows: a line for each change, and a bar that moves where there is a terminal. */
final class DemoScreen {

    private static final int BAR = 30;

    private final PrintStream out;
    private final boolean terminal;
    private final long began = System.nanoTime();
    private boolean barShown;
    private @Nullable String last;
    private String shownSlots = "";
    private int tenths = -1;

    DemoScreen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void title(String text) {
        line("");
        line(text);
    }

    /** One line, with the seconds since the start. */
    void line(String text) {
        if (barShown) {
            out.print("\r\u001b[K");
            barShown = false;
        }
        out.println(text.isEmpty() ? "" : "%6.1f s  %s".formatted(seconds(), text));
        out.flush();
    }

    /** Tells a phase or state once, when it begins. */
    void status(Status status) {
        String now = status.phase() + ": " + status.state();
        if (!now.equals(last)) {
            last = now;
            line(now);
            status.problems().forEach(problem -> line("  " + problem));
        }
    }

    void phase(StatusPhase phase) {
        line("%-11s %-8s %s".formatted(phase.phase(), phase.state(), phase.summary()));
    }

    /** The copy as it moves; without a terminal only every tenth of it. */
    void progress(Progress progress) {
        if (progress.perMille() < 0) {
            return;
        }
        int filled = progress.perMille() * BAR / 1000;
        String bar = "[%s%s] %3d %%  %,d rows/s  %s"
                .formatted(
                        "#".repeat(filled),
                        ".".repeat(BAR - filled),
                        progress.perMille() / 10,
                        progress.rowsPerSecond(),
                        StatusBackfill.of(progress).outlook());
        if (terminal) {
            out.print("\r\u001b[K%6.1f s  %s".formatted(seconds(), bar));
            out.flush();
            barShown = true;
        } else if (progress.perMille() / 100 != tenths) {
            tenths = progress.perMille() / 100;
            line(bar);
        }
    }

    /** What each slot is at; a line each, when one of them has another range than before. */
    void slots(List<SlotProgress> slots) {
        String now =
                slots.stream().map(slot -> slot.slot() + "/" + slot.range()).collect(Collectors.joining(" "));
        if (!slots.isEmpty() && !now.equals(shownSlots)) {
            shownSlots = now;
            slots.forEach(slot -> line("  " + slot.words()));
        }
    }

    void facts(Map<String, Object> facts) {
        facts.forEach((name, value) -> line("  %-34s %s".formatted(name, value)));
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }
}
