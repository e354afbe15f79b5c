/**
 * Tells others what happens to a run: commands on the worker's machine, and HTTP servers.
 *
 * <p>Hooks are a worker's, not a run's. An input that could name a command would let whoever may start a run execute what
 * they like on the worker's machine, and an input is kept in histories, where no secret may be; so the run knows a hook
 * by its name alone. What a hook prints or answers is thrown away unread, since it may hold secrets.
 *
 * <p>May import: messages, Jackson, the JDK.
 */
@NullMarked
package runbook.hook;

import org.jspecify.annotations.NullMarked;
