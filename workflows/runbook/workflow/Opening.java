package runbook.workflow;

import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import runbook.message.Schedule;

/** Waits until the schedule lets switches be flipped, or old objects be taken away. */
final class Opening {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM uuuu HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Journal journal;
    private final Judge judge;

    Opening(Journal journal, Judge judge) {
        this.journal = journal;
        this.judge = judge;
    }

    /** Whether it had to wait; messages are judged while it does, and the page of the run says until when. */
    boolean waited() {
        return waited(() -> false);
    }

    /** The same, as long as nothing else is asked for. */
    boolean waited(Supplier<Boolean> unless) {
        Optional<Instant> opens = later(journal.origin().start().schedule());
        opens.ifPresent(open -> {
            journal.waitUntil(open);
            try (Alarm alarm = new Alarm(until(open), summary(journal.place(), open))) {
                judge.until(() -> alarm.rung() || unless.get());
            }
            journal.waitUntil(null);
        });
        return opens.isPresent();
    }

    /** Kept in the history: the clocks of a place may be changed by law before a replay. */
    static Optional<Instant> later(Schedule schedule) {
        if (schedule.equals(Schedule.ALWAYS)) {
            return Optional.empty();
        }
        Instant now = Journal.now();
        Instant opens = Workflow.sideEffect(Instant.class, () -> schedule.opens(now));
        return opens.isAfter(now) ? Optional.of(opens) : Optional.empty();
    }

    /** For people. */
    static String said(Instant time) {
        return TIME.format(time);
    }

    private static Duration until(Instant opens) {
        return Duration.between(Journal.now(), opens);
    }

    private static String summary(String what, Instant opens) {
        return what + ": waits for its window, opens " + TIME.format(opens);
    }
}
