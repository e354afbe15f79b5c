/**
 * What is replayed, and nothing else: the order of the phases, the gates, and the interfaces of the activities.
 *
 * <p>May import: messages, {@code io.temporal.workflow}, {@code activity}, {@code common}, {@code failure}, and
 * {@code io.temporal.api}'s {@code common} and {@code enums}. Time, chance and waiting come from Temporal only.
 */
@NullMarked
package runbook.workflow;

import org.jspecify.annotations.NullMarked;
