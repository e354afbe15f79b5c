package runbook.engine;

import static org.jooq.impl.DSL.field;

import org.jooq.DSLContext;
import runbook.generated.engine.tables.records.MigrationRunRecord;
import runbook.message.Run;

/**
 * Which database this is, as no name can tell: a service file, a host name or a restore may put another one in its place.
 * A standby that is promoted keeps both numbers; an upgraded server does not.
 */
record Whereabouts(long systemIdentifier, long databaseOid) {

    static Whereabouts here(DSLContext tx) {
        return tx.select(
                        field("system_identifier", Long.class),
                        field(
                                "(select oid::bigint from pg_catalog.pg_database where datname = current_database())",
                                Long.class))
                .from("pg_catalog.pg_control_system()")
                .fetchSingle(row -> new Whereabouts(row.value1(), row.value2()));
    }

    /** Where a run was begun. */
    static Whereabouts of(MigrationRunRecord row) {
        return new Whereabouts(row.getSystemIdentifier(), row.getDatabaseOid());
    }

    /** Refuses an owner whose target was exchanged: for a copy, or for a database with a run of its own. */
    static void refuseElsewhere(DSLContext tx, MigrationRunRecord row, Run run) {
        Whereabouts begun = of(row);
        Whereabouts here = here(tx);
        if (!begun.equals(here)) {
            throw elsewhere(
                    run,
                    "its row says " + begun.words() + ", this is " + here.words(),
                    " If the run is to go on here, terminate this workflow, then: psql service=" + run.target()
                            + " -c \"select runbook.disown(" + run.id()
                            + ", 'moved here')\", and start again.");
        }
        // Not by the run id of the workflow: a reset gives it a new one, and the row goes on naming the first.
        boolean namesake =
                !row.getTarget().equals(run.target()) || !row.getWorkflowId().equals(run.workflowId());
        if (row.getEpoch() == run.epoch() && namesake) {
            throw elsewhere(
                    run,
                    "run " + run.id() + " here is of workflow " + row.getWorkflowId() + " on target '" + row.getTarget()
                            + "'",
                    "");
        }
    }

    static RunbookException.Parked elsewhere(Run run, String found, String orElse) {
        return new RunbookException.Parked(run.migration() + ": target '" + run.target()
                + "' is not the database in which run " + run.id() + " was begun: " + found
                + ". Nothing was written. Point the service at that database, then send the signal 'retry'." + orElse);
    }

    private String words() {
        return "system identifier " + systemIdentifier + " and database oid " + databaseOid;
    }
}
