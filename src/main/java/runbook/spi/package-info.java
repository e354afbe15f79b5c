/**
 * What the author of a migration writes: values that describe, and nothing that acts.
 *
 * <p>Queries are jOOQ queries without a connection, so nothing here can run; the engine adds the range, the lock, the
 * claim and the counting. May import: jOOQ's types except {@code DSLContext} and {@code Configuration}, and the JDK.
 */
@NullMarked
package runbook.spi;

import org.jspecify.annotations.NullMarked;
