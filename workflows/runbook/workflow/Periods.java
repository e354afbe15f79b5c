package runbook.workflow;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import runbook.message.Occasion;
import runbook.message.PhaseReport;

/** The two long waits: the soak, in which both shapes are in use, and the hold before the drop. */
final class Periods {

    /** Each repetition stays in the run's history, which has an end. */
    private static final int REPETITIONS = 200;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM uuuu HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Journal journal;
    private final Errands errands;
    private final Proof proof;
    private final Parking parking;
    private final Hooks hooks;

    Periods(Journal journal, Errands errands, Proof proof, Parking parking, Hooks hooks) {
        this.journal = journal;
        this.errands = errands;
        this.proof = proof;
        this.parking = parking;
        this.hooks = hooks;
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
                between(over);
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

    private void between(Alarm over) {
        Duration least = journal.origin().start().soak().dividedBy(REPETITIONS);
        Duration wanted = journal.origin().start().revalidate();
        try (Alarm next = new Alarm(least.compareTo(wanted) > 0 ? least : wanted, "next validation")) {
            errands.until(() -> over.rung() || next.rung() || wentBack(), () -> {});
        }
    }

    /** A {@code retry} may find a stage bad and switch it back: that is looked into at once. */
    private boolean wentBack() {
        return !journal.paused() && !journal.stages().passed();
    }
}
