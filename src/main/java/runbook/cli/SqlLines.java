package runbook.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Long statements over several lines; only white space changes, and none inside of quotes. */
final class SqlLines {

    private static final int SHORT = 100;

    /** Quoted pieces first, so that a keyword in one is never taken for one. */
    private static final Pattern PIECE = Pattern.compile("'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\\s+(?<clause>"
            + "(?:left outer join|left join|inner join|cross join|join|from|where|group by|having|order by|union all"
            + "|union|except all|except|values|returning|on conflict|insert into|limit|for no key update|for key share"
            + "|for update|set)\\b)|\\s+(?<and>(?:and|or)\\b)");

    private SqlLines() {}

    static String broken(String sql) {
        if (sql.length() <= SHORT || sql.contains("\n")) {
            return sql.strip();
        }
        StringBuilder lines = new StringBuilder();
        Matcher pieces = PIECE.matcher(sql);
        while (pieces.find()) {
            String clause = pieces.group("clause");
            String and = pieces.group("and");
            String piece = clause != null ? "\n" + clause : and != null ? "\n  " + and : pieces.group();
            pieces.appendReplacement(lines, Matcher.quoteReplacement(piece));
        }
        return pieces.appendTail(lines).toString();
    }
}
