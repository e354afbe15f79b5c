package runbook.engine;

import java.util.Objects;
import org.jooq.DSLContext;
import runbook.generated.engine.tables.records.MigrationRunRecord;
import runbook.message.Admit;

/** Whether a start may take an open run over: only when its owner is known to be gone, and here is where it was. */
final class Ownership {

    private final MigrationRunRecord row;
    private final Admit admit;
    private final Owners owners;

    Ownership(MigrationRunRecord row, Admit admit, Owners owners) {
        this.row = row;
        this.admit = admit;
        this.owners = owners;
    }

    /** Notes which database this is. */
    static void locate(DSLContext tx, MigrationRunRecord row) {
        Whereabouts here = Whereabouts.here(tx);
        row.setSystemIdentifier(here.systemIdentifier());
        row.setDatabaseOid(here.databaseOid());
    }

    /** A dump or a template brings the row of an open run along, though the run goes on somewhere else. */
    void refuseCopy(DSLContext tx) {
        if (!Whereabouts.of(row).equals(Whereabouts.here(tx))) {
            throw new RunbookException("this database is a copy of the one in which run " + row.getId() + " of "
                    + row.getMigration() + " (workflow " + row.getWorkflowId()
                    + ") was begun, and nothing was taken over;"
                    + " if the run is to start anew in the copy: " + disown("this is a copy"));
        }
    }

    boolean mine() {
        return row.getWorkflowId().equals(admit.workflowId())
                && row.getWorkflowRun().equals(admit.workflowRun());
    }

    /** Somebody else's run is left alone unless its owner is known to be gone. */
    void refuseUnlessGone() {
        boolean disowned = row.getWorkflowRun().isEmpty();
        // Temporal runs one workflow of an id at a time, so a namesake here has come after the owner.
        boolean successor = atHome() && row.getWorkflowId().equals(admit.workflowId());
        if (disowned || successor) {
            return;
        }
        switch (owners.life(namespace(), row.getWorkflowId(), row.getWorkflowRun())) {
            case RUNNING ->
                throw new RunbookException("this database already runs " + row.getMigration() + " (run " + row.getId()
                        + ", workflow " + row.getWorkflowId() + ", target '" + row.getTarget()
                        + "'). Watch it: temporal workflow metadata " + (atHome() ? "" : "-n " + namespace() + " ")
                        + "-w " + row.getWorkflowId());
            case UNKNOWN ->
                throw new RunbookException("run " + row.getId() + " of " + row.getMigration()
                        + " is open in this database, and this Temporal cannot tell whether its workflow "
                        + row.getWorkflowId() + " (namespace " + namespace() + ", run id " + row.getWorkflowRun()
                        + ") still runs: it is past its retention, or on another server. If it is gone: "
                        + disown("its workflow is gone"));
            case OVER -> {
                // Its place is free.
            }
        }
    }

    /** Makes the caller the owner. */
    void adopt(String definition) {
        settle();
        row.setTarget(admit.start().target());
        row.setDefinition(definition);
        row.setEpoch(row.getEpoch() + 1);
        row.store();
    }

    /** Notes who owns the row. */
    void settle() {
        Owners.Home home = owners.home();
        row.setWorkflowId(admit.workflowId());
        row.setWorkflowRun(admit.workflowRun());
        row.setNamespace(home.namespace());
        row.setNamespaceId(home.id());
    }

    private boolean atHome() {
        Owners.Home home = owners.home();
        return namespace().equals(home.namespace())
                && (row.getNamespaceId() == null || row.getNamespaceId().equals(home.id()));
    }

    /** A row from before namespaces were noted is taken for one of here. */
    private String namespace() {
        return Objects.requireNonNullElse(row.getNamespace(), owners.home().namespace());
    }

    private String disown(String why) {
        return "psql service=" + admit.start().target() + " -c \"select runbook.disown(" + row.getId() + ", '" + why
                + "')\", then start again";
    }
}
