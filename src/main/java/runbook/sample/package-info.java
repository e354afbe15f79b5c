/**
 * Legacy databases to try the migrations on, the application that goes on writing to them, and the oracle that compares
 * what it wrote with what became of it.
 *
 * <p>Plain JDBC. Nothing here is used by the engine or uses it, so that a fault of the engine cannot hide itself. May
 * import: the JDK.
 */
@NullMarked
package runbook.sample;

import org.jspecify.annotations.NullMarked;
