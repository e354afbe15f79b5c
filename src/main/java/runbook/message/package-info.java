/**
 * The records that cross Temporal: inputs, results, queries. All of them are in workflow history, so none holds a
 * credential, a row key or a row value (the one exception is a trial's key, typed by a person).
 *
 * <p>May import: the JDK. Records have no methods that begin with {@code is} or {@code get}: the JSON converter would
 * write them as fields that it then refuses to read.
 */
@NullMarked
package runbook.message;

import org.jspecify.annotations.NullMarked;
