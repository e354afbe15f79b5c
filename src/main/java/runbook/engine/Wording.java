package runbook.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Statements of others as they may be told: without any value, even where their text was cut off. */
final class Wording {

    private static final int LONGEST = 200;

    /**
     * What may hold a value, and names in quotes, so that no quote in a name is taken for the begin of a value. Where a
     * text has no end, or a backslash, which some sessions take for an escape and others do not, nobody can say what the
     * rest is: it is a value to the end.
     */
    private static final Pattern VALUE = Pattern.compile("""
            ("(?:[^"]++|"")*+")\
            |'(?:[^'\\\\]++|'')*+'\
            |'.*\
            |\\$(?<tag>\\w*)\\$.*?(?:\\$\\k<tag>\\$|$)\
            |--[^\\n]*\
            |/\\*.*\
            |(?<![\\w$])\\.?\\d[\\w.]*""", Pattern.DOTALL);

    private Wording() {}

    /** In one line: a question mark for each value and comment. */
    static String withoutValues(String statement) {
        String told = VALUE.matcher(statement)
                .replaceAll(found -> found.group(1) == null ? "?" : Matcher.quoteReplacement(found.group()));
        String line = told.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
