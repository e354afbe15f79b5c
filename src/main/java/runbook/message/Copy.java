package runbook.message;

/** A backfill that is to run: its position in the migration's list, its name, and how many slots copy it. */
public record Copy(int backfill, String name, int slots) {}
