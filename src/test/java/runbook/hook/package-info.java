/** Hooks as they are: real commands, and a real HTTP server. */
@NullMarked
package runbook.hook;

import org.jspecify.annotations.NullMarked;
