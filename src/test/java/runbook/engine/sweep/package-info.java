/**
 * The kill sweep: a copy whose worker, database and connections are killed again and again, and still brings every unit
 * over exactly once. A proxy between worker and database knows where in its batch each kill falls.
 */
@NullMarked
package runbook.engine.sweep;

import org.jspecify.annotations.NullMarked;
