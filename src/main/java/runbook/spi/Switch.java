package runbook.spi;

import org.jooq.Select;
import org.jooq.Table;

/** Something that is flipped at cutover and can be flipped back. */
public sealed interface Switch {

    /** A flag, on for a share of the subjects; off again on the way back. */
    record Flag(String name, int perMille) implements Switch {
        public Flag {
            if (perMille < 1 || perMille > 1000) {
                throw new IllegalArgumentException("a share is 1 to 1000 per mille, found " + perMille);
            }
        }
    }

    /**
     * A view that reads the new shape from then on, with the columns that it had. What it was before is kept at the flip,
     * and the way back puts exactly that back.
     */
    record View(Table<?> view, Select<?> after) implements Switch {}
}
