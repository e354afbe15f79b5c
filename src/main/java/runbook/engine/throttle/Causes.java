package runbook.engine.throttle;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import runbook.engine.Target;
import runbook.message.Limits;
import runbook.message.Schedule;
import runbook.message.Signal;
import runbook.message.Start;

/** Finds what forbids to go on: the schedule, else the first signal that is above its limit or cannot be read. */
final class Causes {

    /** Whoever was above its limit has to be well below it, or the copy would start and stop with every look. */
    private static final double WELL_BELOW = 0.8;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Gauges gauges;
    private final Custom custom;
    private final boolean asksCustom;
    private final Schedule schedule;
    private final Set<Signal> raised = EnumSet.noneOf(Signal.class);

    Causes(Target target, Start start, Gauges gauges) {
        this(target, start, start.schedule(), gauges);
    }

    /** @param schedule when it may go on; the start's own for whoever writes */
    Causes(Target target, Start start, Schedule schedule, Gauges gauges) {
        this.gauges = gauges;
        this.custom = new Custom(target, start.custom());
        this.asksCustom = !start.custom().isEmpty();
        this.schedule = schedule;
    }

    Optional<Cause> first(Limits limits) {
        Instant now = Instant.now();
        Instant opens = schedule.opens(now);
        if (opens.isAfter(now)) {
            return Optional.of(new Cause(Cause.SCHEDULE, null, null, "opens " + TIME.format(opens)));
        }
        Map<Signal, Double> wanted = new EnumMap<>(Signal.class);
        for (Signal signal : Signal.values()) {
            limits.limit(signal).ifPresent(limit -> wanted.put(signal, limit));
        }
        if (!asksCustom) {
            wanted.remove(Signal.CUSTOM);
        }
        raised.retainAll(wanted.keySet());
        return above(wanted, read(wanted.keySet()));
    }

    private Map<Signal, Reading> read(Set<Signal> wanted) {
        Set<Signal> ofServer = new HashSet<>(wanted);
        Map<Signal, Reading> readings = new EnumMap<>(Signal.class);
        if (ofServer.remove(Signal.CUSTOM)) {
            readings.put(Signal.CUSTOM, custom.read());
        }
        readings.putAll(gauges.read(ofServer));
        return readings;
    }

    /** All of them are judged, so that each remembers whether it was above its limit. */
    private Optional<Cause> above(Map<Signal, Double> wanted, Map<Signal, Reading> readings) {
        Optional<Cause> first = Optional.empty();
        for (Map.Entry<Signal, Double> limit : wanted.entrySet()) {
            Signal signal = limit.getKey();
            Reading reading = Objects.requireNonNull(readings.get(signal));
            Double number = reading.number();
            double bar = limit.getValue() * (raised.contains(signal) ? WELL_BELOW : 1);
            if (number != null && number <= bar) {
                raised.remove(signal);
            } else {
                raised.add(signal);
                first = first.or(() -> Optional.of(new Cause(signal.word(), number, limit.getValue(), reading.why())));
            }
        }
        return first;
    }
}
