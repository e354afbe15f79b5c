package runbook.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Statements of others as they may be told: without any value, even where their text was cut off. */
final class Wording {

    private static final int LONGEST = 200;

    /** What a name without quotes, or the tag of a dollar quote, may begin with: everything beyond ASCII too. */
    private static final String LETTERS = "A-Za-z_[^\\x00-\\x7F]";

    /**
     * Whatever is no value and may look as if one began in it, kept: names in quotes or without, and parameters. Then what
     * may hold a value. Where a text has no end, or a backslash, which some sessions take for an escape and others do not,
     * nobody can say what the rest is: it is a value to the end.
     */
    private static final Pattern VALUE = Pattern.compile("""
            (?i:true|false)(?![LETTERS0-9$])\
            |("(?:[^"]++|"")*+"|[LETTERS][LETTERS0-9$]*+|\\$[0-9]++)\
            |".*\
            |'(?:[^'\\\\]++|'')*+'\
            |'.*\
            |\\$(?<tag>(?:[LETTERS][LETTERS0-9]*+)?)\\$.*?(?:\\$\\k<tag>\\$|\\z)\
            |--[^\\r\\n]*\
            |/\\*.*\
            |\\.?[0-9][\\w.]*""".replace("LETTERS", LETTERS), Pattern.DOTALL);

    /** In a statement a name in quotes, or any other character. */
    private static final String ANY = "(?:\"(?:[^\"]++|\"\")*+(?:\"|$)|[^\";])*?";

    /** What a parameter is set to need not be in quotes. */
    private static final Pattern PARAMETER = Pattern.compile(
            "((?:^|;)[\\s?]*+(?>(?:(?:alter|create)\\bANY\\b)?set\\b)ANY(?:=|\\bto\\b|\\btime[\\s?]+zone\\b))ANY(?=;|$)"
                    .replace("ANY", ANY),
            Pattern.CASE_INSENSITIVE);

    private Wording() {}

    /** In one line: a question mark for each value and comment. */
    static String withoutValues(String statement) {
        String told = VALUE.matcher(statement)
                .replaceAll(found -> found.group(1) == null ? "?" : Matcher.quoteReplacement(found.group()));
        String line = told.replaceAll("\\s+", " ").strip();
        String begin = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
        return PARAMETER.matcher(begin).replaceAll("$1 ?");
    }
}
