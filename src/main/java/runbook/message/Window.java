package runbook.message;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hours of the day in which work may be done, by the clocks of one place. One that goes over midnight belongs to the day
 * on which it begins; where the clocks are changed it begins and ends as they show.
 */
record Window(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {

    static final String EXPECTED =
            "a window such as \"22:00-06:00 Europe/Berlin\" or \"Mon-Fri,Sun 22:00-06:00 Europe/Berlin\"";

    private static final Pattern TYPED =
            Pattern.compile("(?:(\\p{Alpha}{3}(?:[-,]\\p{Alpha}{3})*)\\s+)?(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)\\s+(\\S+)");

    /** Days to look ahead: the same weekday is back by then, whatever the time of day. */
    private static final int AHEAD = 8;

    /** Empty when the text is no window. */
    static Optional<Window> of(String text) {
        Matcher typed = TYPED.matcher(text.strip().replace('–', '-'));
        if (!typed.matches()) {
            return Optional.empty();
        }
        try {
            String until = typed.group(3).equals("24:00") ? "00:00" : typed.group(3);
            return Optional.of(new Window(
                    typed.group(1) == null ? EnumSet.allOf(DayOfWeek.class) : days(typed.group(1)),
                    LocalTime.parse(typed.group(2)),
                    LocalTime.parse(until),
                    ZoneId.of(typed.group(4))));
        } catch (DateTimeException notATime) {
            // The caller tells what was found and what was expected.
            return Optional.empty();
        }
    }

    /** The moment itself while the window is open, else when it opens next. */
    Instant opens(Instant at) {
        LocalDate yesterday = at.atZone(zone).toLocalDate().minusDays(1);
        for (int ahead = 0; ; ahead++) {
            LocalDate day = yesterday.plusDays(ahead);
            if (days.contains(day.getDayOfWeek()) && at.isBefore(end(day))) {
                Instant begin = begin(day);
                return at.isBefore(begin) ? begin : at;
            }
            if (ahead > AHEAD) {
                throw new IllegalStateException("a window without a day: " + this);
            }
        }
    }

    private Instant begin(LocalDate day) {
        return day.atTime(from).atZone(zone).toInstant();
    }

    private Instant end(LocalDate day) {
        return (to.isAfter(from) ? day : day.plusDays(1))
                .atTime(to)
                .atZone(zone)
                .toInstant();
    }

    private static Set<DayOfWeek> days(String typed) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String part : typed.split(",")) {
            String[] ends = part.split("-");
            if (ends.length > 2) {
                throw new DateTimeException("more than two days in a row of days");
            }
            DayOfWeek last = day(ends[ends.length - 1]);
            for (DayOfWeek day = day(ends[0]); ; day = day.plus(1)) {
                days.add(day);
                if (day == last) {
                    break;
                }
            }
        }
        return days;
    }

    private static DayOfWeek day(String typed) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.name().substring(0, 3).equalsIgnoreCase(typed)) {
                return day;
            }
        }
        throw new DateTimeException("no day of the week");
    }
}
