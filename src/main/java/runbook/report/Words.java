package runbook.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers, times and sizes as people read them. */
public final class Words {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Words() {}

    /** {@code 50,000}. */
    public static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1.2 GB}. */
    public static String bytes(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        double size = bytes;
        for (String unit : new String[] {"kB", "MB", "GB"}) {
            size /= 1_000;
            if (size < 999.95) {
                return String.format(Locale.ROOT, "%.1f %s", size, unit);
            }
        }
        return String.format(Locale.ROOT, "%.1f TB", size / 1_000);
    }

    /** {@code 2026-11-21 09:41:07} in UTC; a dash where there is no time. */
    public static String time(@Nullable Instant time) {
        return time == null ? "–" : TIME.format(time);
    }

    /** {@code 340 ms}, {@code 4.2 s}, {@code 1h 12m}; a dash while there is no end. */
    public static String took(Instant began, @Nullable Instant ended) {
        return ended == null ? "–" : duration(Duration.between(began, ended));
    }

    /** The same for a length of time. */
    public static String duration(Duration length) {
        long millis = Math.max(0, length.toMillis());
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
        long minutes = length.toMinutes();
        if (minutes < 60) {
            return minutes + "m " + length.toSecondsPart() + "s";
        }
        return length.toHours() < 48
                ? length.toHours() + "h " + length.toMinutesPart() + "m"
                : length.toDays() + "d " + length.toHoursPart() + "h";
    }

    /** {@code not verified} for {@code not_verified}. */
    public static String verdict(@Nullable String verdict, boolean over) {
        if (verdict == null) {
            return over ? "interrupted" : "running";
        }
        return verdict.replace('_', ' ');
    }

    /** The first part of a hash: enough to recognise it, and to quote it in an approval. */
    public static String hash(String hash) {
        return hash.substring(0, Math.min(8, hash.length()));
    }
}
