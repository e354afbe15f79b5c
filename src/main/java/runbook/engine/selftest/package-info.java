/**
 * Whether a migration's own validation would notice what can go wrong with a copy: each known corruption is planted by
 * itself in a copy of the new shape, looked for by the phase validation as it is, and taken away again.
 *
 * <p>It spoils rows, so it works in a database that holds nothing but a sample. May import what {@code runbook.engine}
 * may, and {@code runbook.engine} itself, whose public entry points it uses like an activity does: how a comparison is
 * made is none of its business.
 */
@NullMarked
package runbook.engine.selftest;

import org.jspecify.annotations.NullMarked;
