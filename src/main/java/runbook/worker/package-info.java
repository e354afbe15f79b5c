/**
 * The process that runs workflows and activities: finds Temporal by the rules of its own CLI, waits for it, registers
 * what a run needs, polls, and stops in order.
 *
 * <p>May import: anything of ours; only {@code runbook.cli} imports it.
 */
@NullMarked
package runbook.worker;

import org.jspecify.annotations.NullMarked;
