package runbook.message;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads how long the run waits for people. */
final class Waits {

    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private static final Set<String> FIELDS = new TreeSet<>(List.of("at", "deadline", "onDeadline", "remind"));

    private Waits() {}

    /** Adds every problem of every wait. */
    static List<Wait> of(Fields start, List<String> gates) {
        List<String> places = Stream.concat(gates.stream(), Stream.of("parked", "paused", "held"))
                .toList();
        return new Entries("waits", "at", places, start.problems())
                .read(start.objects("waits", "{\"at\": \"cutover\", \"remind\": \"P1D\"}"), Wait.USUAL, Waits::read);
    }

    private static Wait read(Fields fields, String at, Wait usual) {
        fields.known(FIELDS);
        List<Overdue> possible = Overdue.at(at);
        int chosen =
                fields.choice("onDeadline", possible.stream().map(Overdue::word).toList(), 0);
        Wait wait = new Wait(
                at,
                fields.time("deadline", usual.deadline(), SHORTEST),
                possible.get(chosen),
                fields.time("remind", usual.remind(), SHORTEST));
        if (fields.values().containsKey("onDeadline") && wait.deadline() == null) {
            fields.problem("onDeadline", "nothing happens then without a 'deadline'");
        }
        return wait;
    }
}
