package runbook.spi;

import org.jooq.Record1;
import org.jooq.Select;

/**
 * A number that is read while a stage bakes. Up to {@code good} it speaks for the stage, above {@code bad} against it;
 * between them, or where it cannot be read, nobody can say: then a person decides.
 *
 * @param failureLimit how many readings may be above {@code bad} before the stage is switched back
 * @param dryRun whether it is only read and shown
 */
public record Criterion(String name, Source source, double good, double bad, int failureLimit, boolean dryRun) {

    public Criterion {
        if (!(good <= bad) || failureLimit < 0) {
            throw new IllegalArgumentException(
                    "criterion '" + name + "': expected good <= bad and a failure limit from 0" + " on, found good "
                            + good + ", bad " + bad + ", failure limit " + failureLimit);
        }
    }

    /** Where the number comes from. */
    public sealed interface Source {

        /** A query of the author's own, such as the errors that the application logs in a table. */
        record Query(Select<? extends Record1<? extends Number>> value) implements Source {}

        /** Deadlocks in the database since the stage was switched. */
        record Deadlocks() implements Source {}

        /** Of a thousand transactions since the reading before, those that were rolled back: errors of the application. */
        record Rollbacks() implements Source {}
    }

    /** What a query gives, with nothing between good and bad. */
    public static Criterion query(String name, Select<? extends Record1<? extends Number>> value, double good) {
        return new Criterion(name, new Source.Query(value), good, good, 0, false);
    }

    public static Criterion deadlocks(long good) {
        return new Criterion("deadlocks since the switch", new Source.Deadlocks(), good, good, 0, false);
    }

    public static Criterion rollbacks(double goodPerMille) {
        return new Criterion(
                "rolled back of 1000 transactions", new Source.Rollbacks(), goodPerMille, goodPerMille, 0, false);
    }

    /** Against the stage only above this. */
    public Criterion failingAbove(double limit) {
        return new Criterion(name, source, good, limit, failureLimit, dryRun);
    }

    /** So many bad readings are borne. */
    public Criterion tolerating(int failures) {
        return new Criterion(name, source, good, bad, failures, dryRun);
    }

    /** Read and shown, and nothing comes of it. */
    public Criterion onlyShown() {
        return new Criterion(name, source, good, bad, failureLimit, true);
    }
}
