/**
 * What a target's own tables tell about its runs, for commands that must answer without Temporal.
 *
 * <p>Reads only, at one snapshot. Keys, row values and error texts are not even selected unless somebody asked to reveal
 * them. May import what {@code runbook.engine} may, and {@code runbook.engine} itself.
 */
@NullMarked
package runbook.engine.account;

import org.jspecify.annotations.NullMarked;
