package runbook.spi;

import java.util.ArrayList;
import java.util.List;
import org.jooq.Select;

/**
 * A claim that holds when its query finds no counter-example.
 *
 * @param claim the claim in words; people read it at 3 a.m.
 * @param key what identifies a counter-example
 * @param counterExamples the columns of the key first, then what helps to understand the case
 * @param repairs ways to cure the counter-examples; the operator chooses one
 */
public record Check(String claim, Severity severity, Key key, Select<?> counterExamples, List<Repair> repairs) {

    public Check {
        repairs = List.copyOf(repairs);
    }

    public static Check blocking(String claim, Key key, Select<?> counterExamples) {
        return new Check(claim, Severity.BLOCKING, key, counterExamples, List.of());
    }

    public static Check advisory(String claim, Key key, Select<?> counterExamples) {
        return new Check(claim, Severity.ADVISORY, key, counterExamples, List.of());
    }

    /** The same check with one more way to cure what it finds. */
    public Check repairedBy(Repair repair) {
        List<Repair> more = new ArrayList<>(repairs);
        more.add(repair);
        return new Check(claim, severity, key, counterExamples, more);
    }
}
