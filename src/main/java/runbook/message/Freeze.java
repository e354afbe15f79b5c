package runbook.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** A time in which nothing may be done, from a moment on and until another one. */
record Freeze(Instant from, Instant to) {

    static final String EXPECTED =
            "a freeze such as \"2026-12-23T00:00:00Z/2027-01-02T06:00:00+01:00\", which ends after it begins";

    /** Empty when the text is no freeze. */
    static Optional<Freeze> of(String text) {
        String[] ends = text.strip().split("/", -1);
        try {
            return ends.length != 2
                    ? Optional.empty()
                    : Optional.of(new Freeze(moment(ends[0]), moment(ends[1])))
                            .filter(freeze -> freeze.from.isBefore(freeze.to));
        } catch (DateTimeException notAMoment) {
            // The caller tells what was found and what was expected.
            return Optional.empty();
        }
    }

    boolean holds(Instant at) {
        return !at.isBefore(from) && at.isBefore(to);
    }

    private static Instant moment(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }
}
