/** What a person would do, with the real {@code temporal} program, a real server and a real PostgreSQL. */
@NullMarked
package runbook.e2e;

import org.jspecify.annotations.NullMarked;
