package runbook.report;

import java.util.ArrayList;
import java.util.List;
import runbook.report.Section.Cell;
import runbook.report.Section.Tone;

/** A section in columns of fixed width; the widest column is wrapped where the line would be too long. */
public final class TextTable {

    private static final int WIDTH = 132;
    private static final int NARROWEST = 24;
    private static final String GAP = "  ";

    private TextTable() {}

    /** Title, note and rows, each line ended. */
    public static String of(Section section) {
        StringBuilder text = new StringBuilder(section.title()).append('\n');
        if (!section.note().isEmpty()) {
            text.append("  ").append(section.note()).append('\n');
        }
        if (section.rows().isEmpty()) {
            return text.append("  ").append(section.empty()).append('\n').toString();
        }
        List<List<Cell>> rows = new ArrayList<>();
        rows.add(section.columns().stream().map(Section::plain).toList());
        rows.addAll(section.rows());
        int[] widths = widths(rows);
        for (List<Cell> row : rows) {
            append(text, row, widths, section.rows().get(0));
        }
        return text.toString();
    }

    private static int[] widths(List<List<Cell>> rows) {
        int[] widths = new int[rows.get(0).size()];
        int total = GAP.length();
        for (int column = 0; column < widths.length; column++) {
            for (List<Cell> row : rows) {
                for (String line : row.get(column).text().split("\n", -1)) {
                    widths[column] = Math.max(widths[column], line.length());
                }
            }
            total += widths[column] + GAP.length();
        }
        while (total > WIDTH) {
            int widest = widest(widths);
            if (widths[widest] <= NARROWEST) {
                break;
            }
            int narrower = Math.max(NARROWEST, widths[widest] - (total - WIDTH));
            total -= widths[widest] - narrower;
            widths[widest] = narrower;
        }
        return widths;
    }

    private static int widest(int[] widths) {
        int widest = 0;
        for (int column = 1; column < widths.length; column++) {
            widest = widths[column] >= widths[widest] ? column : widest;
        }
        return widest;
    }

    private static void append(StringBuilder text, List<Cell> row, int[] widths, List<Cell> like) {
        List<List<String>> columns = new ArrayList<>();
        int height = 1;
        for (int column = 0; column < widths.length; column++) {
            List<String> lines = wrapped(row.get(column).text(), widths[column]);
            columns.add(lines);
            height = Math.max(height, lines.size());
        }
        for (int line = 0; line < height; line++) {
            StringBuilder shown = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                List<String> lines = columns.get(column);
                String piece = line < lines.size() ? lines.get(line) : "";
                String pad = " ".repeat(widths[column] - piece.length());
                boolean right = like.get(column).tone() == Tone.NUMBER;
                shown.append(GAP).append(right ? pad + piece : piece + pad);
            }
            text.append(shown.toString().stripTrailing()).append('\n');
        }
    }

    static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String rest = line;
            while (rest.length() > width) {
                int space = rest.lastIndexOf(' ', width);
                int end = space <= 0 ? width : space;
                lines.add(rest.substring(0, end).stripTrailing());
                rest = rest.substring(end).stripLeading();
            }
            lines.add(rest);
        }
        return lines;
    }
}
