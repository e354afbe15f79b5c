package runbook.engine.backup;

import java.util.List;

/**
 * What a restore did, or would do.
 *
 * @param applied false after a dry run
 * @param notes what a person should know besides: rows of other tables that went along, objects that did not come back
 */
public record RestoreFacts(boolean applied, long millis, List<TableRestore> tables, List<String> notes) {}
