/**
 * Backups that were restored before they are relied on.
 *
 * <p>A backup is a folder: one compressed COPY file per table, all read at one snapshot; {@code manifest.json} with
 * everything that a restore needs to know; {@code SHA256SUMS} for {@code sha256sum -c}. A folder without the last two does
 * not exist under its final name. The drill restores the folder into a scratch database and compares the rows there with
 * the rows of the source, by {@code EXCEPT ALL} both ways while the snapshot is held, by fingerprints afterwards. May
 * import what {@code runbook.engine} may, and {@code runbook.engine} itself.
 */
@NullMarked
package runbook.engine.backup;

import org.jspecify.annotations.NullMarked;
