package runbook.spi;

import org.jooq.Record1;
import org.jooq.Select;

/** A number taken in every proof, and what must hold for it. All measures of a proof are taken at one snapshot. */
public record Measure(String name, Select<? extends Record1<? extends Number>> value, Expect expect) {

    /** What must hold for a measure. */
    public sealed interface Expect permits Free, EqualTo {}

    /** Nothing: the number is shown. */
    public record Free() implements Expect {}

    /** The number equals that of another measure at the same snapshot. */
    public record EqualTo(String measure) implements Expect {}

    public static Measure shown(String name, Select<? extends Record1<? extends Number>> value) {
        return new Measure(name, value, new Free());
    }

    public static Measure equalTo(String other, String name, Select<? extends Record1<? extends Number>> value) {
        return new Measure(name, value, new EqualTo(other));
    }
}
