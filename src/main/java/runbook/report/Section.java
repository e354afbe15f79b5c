package runbook.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table under a title.
 *
 * @param note a sentence above the table; empty for none
 * @param empty what is said when there are no rows; empty leaves the section out
 */
public record Section(String title, String note, List<String> columns, List<List<Cell>> rows, String empty) {

    /** How a value is meant. */
    public enum Tone {
        PLAIN,
        GOOD,
        BAD,
        DOUBT,
        NUMBER,
        CODE
    }

    /** One value. */
    public record Cell(String text, Tone tone) {}

    public Section {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    static Section of(String title, String... columns) {
        return new Section(title, "", Arrays.asList(columns), List.of(), "");
    }

    Section note(String sentence) {
        return new Section(title, sentence, columns, rows, empty);
    }

    Section orElse(String sentence) {
        return new Section(title, note, columns, rows, sentence);
    }

    Section row(Cell... cells) {
        List<List<Cell>> more = new ArrayList<>(rows);
        more.add(Arrays.asList(cells));
        return new Section(title, note, columns, more, empty);
    }

    static Cell plain(String text) {
        return new Cell(text, Tone.PLAIN);
    }

    static Cell code(String text) {
        return new Cell(text, Tone.CODE);
    }

    static Cell number(long number) {
        return new Cell(Words.number(number), Tone.NUMBER);
    }

    static Cell amount(String text) {
        return new Cell(text, Tone.NUMBER);
    }

    /** A verdict or a state in its colour. */
    static Cell verdict(String verdict) {
        Tone tone =
                switch (verdict) {
                    case "passed", "equal", "completed" -> Tone.GOOD;
                    case "failed", "different", "aborted", "rejected" -> Tone.BAD;
                    case "" -> Tone.PLAIN;
                    default -> Tone.DOUBT;
                };
        return new Cell(verdict, tone);
    }
}
