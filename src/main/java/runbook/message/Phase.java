package runbook.message;

import java.util.Locale;

/** The phases of a run, in their order; {@code ROLLBACK} can follow each of them until the clean-up gate is approved. */
public enum Phase {
    ASSESSMENT,
    BACKUP,
    SCHEMA,
    BACKFILL,
    VALIDATION,
    CUTOVER,
    SOAK,
    CLEANUP,
    ROLLBACK;

    /** The word that people, workflow ids, logs and tables use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The workflow type of the phase's child: {@code Backfill}. */
    public String type() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
}
