package runbook.spi;

/** A copy of all units of one table into the new shape. Every unit is brought over exactly once. */
public sealed interface Backfill permits Insert {

    /** What is copied, in words that read well behind "backfill of". */
    String name();

    /** The unit: one row of the source table. */
    Key unit();
}
