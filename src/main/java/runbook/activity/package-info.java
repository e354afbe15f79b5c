/**
 * Connects workflows to the engine: heartbeats, cancellation, and which errors a person must decide on. No SQL.
 *
 * <p>May import: {@code io.temporal}, messages, the spi, the engine, the hooks, and the interfaces in {@code workflow}.
 */
@NullMarked
package runbook.activity;

import org.jspecify.annotations.NullMarked;
