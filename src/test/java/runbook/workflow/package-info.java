/** Runs on Temporal's in-process server, with activities written by hand: what is tested is the order of things. */
@NullMarked
package runbook.workflow;

import org.jspecify.annotations.NullMarked;
