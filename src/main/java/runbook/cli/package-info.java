/**
 * The commands of {@code ./runbook}, one class each.
 *
 * <p>A command reads its words, asks the engine, the report or a worker, and prints: facts to standard output, as JSON
 * where {@code --json} asks for it; everything else to standard error. What is refused is told in one message, and the
 * exit code says so. May import: anything of ours; nothing imports it.
 */
@NullMarked
package runbook.cli;

import org.jspecify.annotations.NullMarked;
