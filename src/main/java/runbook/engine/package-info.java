/**
 * What acts: everything that talks to a target database, and nothing that knows Temporal.
 *
 * <p>Each public method can be called twice: it looks at what the database holds before it does anything, and writes
 * what it did in the transaction in which it did it. May import: messages, the spi, jOOQ, JDBC, Flyway.
 */
@NullMarked
package runbook.engine;

import org.jspecify.annotations.NullMarked;
