package runbook.workflow;

import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import runbook.message.Occasion;
import runbook.message.PhaseReport;

/** The two long waits: the soak, in which both shapes are in use, and the hold before the drop. */
final class Periods {

    /** Each repetition stays in the run's history, which has an end. */
    private static final int REPETITIONS = 200;

    /** The soak leaves the rest of the 4,096 events that Temporal advises to what comes after it, and to people. */
    static final int EVENTS = 3_000;

    /** What a repetition adds to the history; another verdict that hooks are told of adds more. */
    private static final int EVENTS_EACH = 15;

    /** A soak whose history is full already is still proved from time to time. */
    private static final int FEWEST = 5;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM uuuu HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Journal journal;
    private final Errands errands;
    private final Proof proof;
    private final Parking parking;
    private final Hooks hooks;
    private final int events;

    /** @param events how long the history may become in the soak */
    Periods(Journal journal, Errands errands, Proof proof, Parking parking, Hooks hooks, int events) {
        this.journal = journal;
        this.errands = errands;
        this.proof = proof;
        this.parking = parking;
        this.hooks = hooks;
        this.events = events;
    }

    /** Repeats the proof on schedule; a verdict that is not good is shown, and stands against the clean-up gate. */
    void soak() {
        Duration soak = journal.origin().start().soak();
        journal.enter("soak");
        parking.untilAgreed(() -> hooks.notice(Occasion.PHASE_STARTED, "soak"));
        journal.begin("soak");
        Instant end = Journal.now().plus(soak);
        journal.waitUntil(end);
        int proofs = 0;
        try (Alarm over = new Alarm(soak, "soak until " + TIME.format(end))) {
            while (!over.rung()) {
                between(over, end);
                if (!over.rung() && !journal.paused()) {
                    prove();
                    proofs++;
                }
            }
        }
        errands.until(() -> true, () -> {});
        journal.waitUntil(null);
        PhaseReport report = PhaseReport.passed(proofs + " times validated");
        journal.end("soak", report);
        parking.untilAgreed(() -> hooks.ended("soak", report));
    }

    private void prove() {
        PhaseReport report = proof.repeat();
        if (Proof.strayed(report) || !journal.stages().passed()) {
            parking.untilProved(report);
        }
    }

    /** Leaves the retired objects where they are for a while: somebody may still miss them. */
    void hold() {
        Duration hold = journal.origin().start().hold();
        journal.enter("hold");
        Instant end = Journal.now().plus(hold);
        journal.waitUntil(end);
        try (Alarm over = new Alarm(hold, "hold until " + TIME.format(end))) {
            errands.until(over::rung, () -> {});
        }
        journal.waitUntil(null);
    }

    private void between(Alarm over, Instant end) {
        try (Alarm next = new Alarm(untilNext(Duration.between(Journal.now(), end)), "next validation")) {
            errands.until(() -> over.rung() || next.rung() || wentBack(), () -> {});
        }
    }

    /** As the input wants it, unless the history would become too long: then what is left of it lasts until the end. */
    private Duration untilNext(Duration rest) {
        Duration wanted = journal.origin().start().revalidate();
        Duration least = journal.origin().start().soak().dividedBy(REPETITIONS);
        long left = (events - Workflow.getInfo().getHistoryLength()) / EVENTS_EACH;
        return longest(wanted, least, rest.dividedBy(Math.max(FEWEST, left)));
    }

    private static Duration longest(Duration... waits) {
        return Collections.max(List.of(waits));
    }

    /** A {@code retry} may find a stage bad and switch it back: that is looked into at once. */
    private boolean wentBack() {
        return !journal.paused() && !journal.stages().passed();
    }
}
