/**
 * Accounts of runs for people and programs: terminal text, JSON, and one HTML page that needs nothing else.
 *
 * <p>What is shown comes from {@link runbook.engine.account.Account}, which holds no key, row value or error text unless
 * somebody asked to reveal them; so no rendering can leak one. May import: messages, the engine.
 */
@NullMarked
package runbook.report;

import org.jspecify.annotations.NullMarked;
