package runbook.message;

import java.util.Locale;

/** What a reading counts, and which limits make sense for it. */
public enum Unit {
    SECONDS("seconds or a duration such as \"PT10S\"", 604_800),
    COUNT("a number", 100_000),
    PER_CORE("a number for each core", 1_000),
    BYTES("bytes", 1e15),
    BYTES_PER_SECOND("bytes per second", 1e12),
    PER_CENT("per cent", 100),
    PER_MINUTE("a number per minute", 1e9),
    NUMBER("a number", 1e15);

    private final String expected;
    private final double most;

    Unit(String expected, double most) {
        this.expected = expected;
        this.most = most;
    }

    /** What a person may type. */
    String expected() {
        return expected + " from 0 to " + plain(most);
    }

    boolean allows(double limit) {
        return limit >= 0 && limit <= most;
    }

    /** A reading or a limit as people read it. */
    public String said(double number) {
        return switch (this) {
            case SECONDS ->
                number < 120
                        ? plain(number) + " s"
                        : number < 7_200 ? Math.round(number / 60) + " min" : Math.round(number / 3_600) + " h";
            case PER_CORE -> plain(number) + " per core";
            case BYTES -> bytes(number);
            case BYTES_PER_SECOND -> bytes(number) + "/s";
            case PER_CENT -> plain(number) + " %";
            case PER_MINUTE -> plain(number) + " per minute";
            case COUNT, NUMBER -> plain(number);
        };
    }

    private static String plain(double number) {
        return number == Math.rint(number)
                ? String.format(Locale.ROOT, "%.0f", number)
                : String.format(Locale.ROOT, "%.1f", number);
    }

    private static String bytes(double number) {
        return number < 1e6
                ? plain(number / 1e3) + " kB"
                : number < 1e9 ? plain(number / 1e6) + " MB" : plain(number / 1e9) + " GB";
    }
}
