package runbook.spi;

import java.util.Optional;
import org.jooq.Record1;
import org.jooq.Select;

/**
 * A number taken in the assessment and in every proof. All measures of one of them are taken at one snapshot.
 *
 * @param before the same number from the old shape alone, for the time when the new one is not there yet
 */
public record Measure(
        String name,
        Select<? extends Record1<? extends Number>> value,
        Expect expect,
        Optional<Select<? extends Record1<? extends Number>>> before) {

    /** What must hold for a measure. */
    public sealed interface Expect permits Free, EqualTo {}

    /** Nothing: the number is shown. */
    public record Free() implements Expect {}

    /** The number equals that of another measure at the same snapshot. */
    public record EqualTo(String measure) implements Expect {}

    public static Measure shown(String name, Select<? extends Record1<? extends Number>> value) {
        return new Measure(name, value, new Free(), Optional.empty());
    }

    public static Measure equalTo(String other, String name, Select<? extends Record1<? extends Number>> value) {
        return new Measure(name, value, new EqualTo(other), Optional.empty());
    }

    /** With the number that stands for it before anything is changed. */
    public Measure before(Select<? extends Record1<? extends Number>> old) {
        return new Measure(name, value, expect, Optional.of(old));
    }
}
