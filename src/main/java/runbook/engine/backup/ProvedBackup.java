package runbook.engine.backup;

/** A backup and the drill that it went through. */
public record ProvedBackup(BackupFacts backup, DrillFacts drill) {}
