/**
 * What keeps a copy from being noticed: between two batches it looks at the server, and waits while a signal is above its
 * limit or the schedule is closed.
 *
 * <p>A signal that cannot be read holds the copy up too. Nothing here keeps a row key or a row value. May import what
 * {@code runbook.engine} may, and {@code runbook.engine} itself.
 */
@NullMarked
package runbook.engine.throttle;

import org.jspecify.annotations.NullMarked;
