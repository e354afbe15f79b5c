/**
 * The stack that {@code dev}, {@code demo} and the tests run on: an embedded PostgreSQL and a Temporal server of one's
 * own. Whatever is started here ends with the JVM that started it, also after {@code kill -9}; it listens on the
 * loopback address alone, and leaves nothing behind but the folder that the caller asked to keep.
 *
 * <p>May import: anything of ours, and nothing outside {@code runbook.cli} imports it.
 */
@NullMarked
package runbook.cli.dev;

import org.jspecify.annotations.NullMarked;
