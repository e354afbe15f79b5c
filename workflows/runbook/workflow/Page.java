package runbook.workflow;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Markdown as the Web UI shows it: outside of code its typography turns flags, quotes, fractions and dollars into
 * something else, inside of code nothing wraps. So prose is made harmless, and whatever comes from elsewhere is code.
 */
final class Page {

    /** The text travels in an address, and proxies cut those. */
    static final int LONGEST = 3_900;

    private final StringBuilder text = new StringBuilder();

    Page heading(String words) {
        return line("### " + prose(words));
    }

    Page prose(List<String> sentences) {
        sentences.stream().filter(sentence -> !sentence.isBlank()).forEach(sentence -> line(prose(sentence)));
        return this;
    }

    /** A line that is Markdown already. */
    Page line(String markdown) {
        text.append(markdown).append('\n');
        return this;
    }

    Page code(String language, List<String> lines) {
        text.append("```").append(language).append('\n');
        lines.forEach(line -> text.append(line.replace("```", "'''")).append('\n'));
        text.append("```\n");
        return this;
    }

    /** A list under its title, wrapped; the newest {@code most} entries, and nothing at all when it is empty. */
    Page list(String title, List<String> entries, int most) {
        if (entries.isEmpty()) {
            return this;
        }
        List<String> lines = new ArrayList<>();
        int left = Math.max(0, entries.size() - most);
        entries.subList(left, entries.size()).forEach(entry -> lines.addAll(wrapped("- ", cut(entry))));
        if (left > 0) {
            lines.add("and " + left + " more: see the query report");
        }
        return line("**" + title + "**").code("", lines);
    }

    /** Adds a part as long as the page stays short enough for every proxy. */
    Page unlessTooLong(Page part) {
        if (bytes(text) + bytes(part.text) <= LONGEST) {
            text.append(part.text);
        }
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static int bytes(CharSequence chars) {
        return chars.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** Words of others, which must not become headings, links or code. */
    static String plain(String words) {
        return prose(words.replaceAll("[`*<>\\[\\]#|\\\\]+", "'"));
    }

    static String prose(String sentence) {
        return sentence.replace("--", "–")
                .replace('"', '\'')
                .replace("$", "")
                .replaceAll("(\\d)\\s*/\\s*(\\d)", "$1 of $2")
                .replaceAll("[\\r\\n]+", " ");
    }

    private static String cut(String entry) {
        return entry.length() <= 360 ? entry : entry.substring(0, 360) + "…";
    }

    /** The words behind their first line's beginning, in lines that fit the page; the others are indented as far. */
    static List<String> wrapped(String first, String entry) {
        List<String> lines = new ArrayList<>();
        int start = first.length();
        StringBuilder line = new StringBuilder(first);
        for (String word : entry.strip().split("\\s+")) {
            String rest = word;
            while (line.length() + rest.length() + (line.length() > start ? 1 : 0) > Commands.WIDTH) {
                if (line.length() == start) {
                    int room = Commands.WIDTH - start;
                    line.append(rest, 0, room);
                    rest = rest.substring(room);
                }
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(start));
            }
            line.append(line.length() > start ? " " : "").append(rest);
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
