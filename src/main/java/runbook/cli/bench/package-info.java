/**
 * How fast the engine copies, against other ways to the same rows: a server of its own with fixed settings, one fresh
 * database for each measurement, all arms in turn, medians of several rounds.
 *
 * <p>The engine is measured through the entry points that its activities use, and nothing here makes it faster. May
 * import: anything of ours but the commands; only the command {@code bench} imports it.
 */
@NullMarked
package runbook.cli.bench;

import org.jspecify.annotations.NullMarked;
