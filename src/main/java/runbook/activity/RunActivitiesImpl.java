package runbook.activity;

import io.temporal.activity.Activity;
import io.temporal.client.WorkflowClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.engine.Approvals;
import runbook.engine.Backfills;
import runbook.engine.Catalog;
import runbook.engine.Controls;
import runbook.engine.Decisions;
import runbook.engine.Plan;
import runbook.engine.Preflight;
import runbook.engine.RunbookException;
import runbook.engine.Runs;
import runbook.engine.Scripts;
import runbook.engine.Stands;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.engine.throttle.Throttle;
import runbook.message.Act;
import runbook.message.Admission;
import runbook.message.Admit;
import runbook.message.Approval;
import runbook.message.Attest;
import runbook.message.Attestation;
import runbook.message.Control;
import runbook.message.End;
import runbook.message.Evidence;
import runbook.message.Identity;
import runbook.message.Judged;
import runbook.message.PhaseRequest;
import runbook.message.Progress;
import runbook.message.Run;
import runbook.message.Stand;
import runbook.message.Start;
import runbook.message.Tune;
import runbook.spi.Migration;
import runbook.workflow.RunActivities;

/** The run as a whole, on the engine. */
public final class RunActivitiesImpl implements RunActivities {

    private static final Logger LOG = LoggerFactory.getLogger(RunActivitiesImpl.class);

    private final Catalog catalog;
    private final Targets targets;
    private final String ui;

    public RunActivitiesImpl(Catalog catalog, Targets targets) {
        this(catalog, targets, "");
    }

    /** @param ui the address of the Web UI; empty where the worker does not know it, as a rule */
    public RunActivitiesImpl(Catalog catalog, Targets targets, String ui) {
        this.catalog = catalog;
        this.targets = targets;
        this.ui = ui;
    }

    @Override
    public Admission admit(Admit admit) {
        return Failures.mapped("start", () -> {
            List<String> problems = new ArrayList<>(admit.problems());
            Attestation starter = Senders.starter();
            problems.addAll(againstTemporal(admit.start(), starter));
            Optional<Migration> migration = catalog.find(admit.start().migration());
            if (migration.isEmpty() && !admit.start().migration().isBlank()) {
                problems.add(catalog.unknown(admit.start().migration()));
            }
            Optional<Target> target = target(admit, problems);
            if (target.isPresent() && migration.isPresent()) {
                problems.addAll(Preflight.problems(target.get(), migration.get()));
                problems.addAll(Throttle.problems(target.get(), admit.start()));
            }
            if (!problems.isEmpty() || target.isEmpty() || migration.isEmpty()) {
                return Admission.refused(problems);
            }
            return own(admit, target.get(), migration.get(), starter);
        });
    }

    /** What the input asks for and this start, or this server, does not give. */
    private static List<String> againstTemporal(Start start, Attestation starter) {
        List<String> problems = new ArrayList<>();
        againstStarter(
                        start,
                        Identity.HISTORY,
                        starter,
                        "an identity. Start it with the temporal command and --identity YOU.")
                .ifPresent(problems::add);
        againstStarter(
                        start,
                        Identity.PRINCIPAL,
                        starter,
                        "a principal. Start it through a server that authenticates you and keeps that in histories.")
                .ifPresent(problems::add);
        WorkflowClient client = Activity.getExecutionContext().getWorkflowClient();
        String namespace = client.getOptions().getNamespace();
        if (start.searchAttributes()
                && StateAttribute.type(client.getWorkflowServiceStubs(), namespace)
                        .isEmpty()) {
            problems.add(
                    "'searchAttributes': Temporal does not know " + StateAttribute.NAME + " in namespace " + namespace
                            + ", and setting it would stop the run. Have it added: " + StateAttribute.command(namespace)
                            + "; or say \"searchAttributes\": false");
        }
        return problems;
    }

    /** Where the starter has no name of the kind that a gate goes by, nobody could be told from the starter. */
    private static Optional<String> againstStarter(Start start, Identity identity, Attestation starter, String lacks) {
        List<String> gates = start.gates().stream()
                .filter(gate -> start.policy(gate).identity() == identity)
                .filter(gate -> start.policy(gate).fourEyes())
                .toList();
        return gates.isEmpty() || !identity.person("", starter).isBlank()
                ? Optional.empty()
                : Optional.of("'policies', " + String.join(", ", gates) + ": 'identity': \"" + identity.word()
                        + "\" compares with who started the run, and this start came without " + lacks);
    }

    private Optional<Target> target(Admit admit, List<String> problems) {
        if (admit.start().target().isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(targets.named(admit.start().target()));
        } catch (RunbookException.UnusableTarget e) {
            problems.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Admission own(Admit admit, Target target, Migration migration, Attestation starter) {
        Scripts.install(target);
        try {
            Runs.Owned owned = Runs.own(
                    target,
                    admit,
                    Plan.definition(migration),
                    new OwnersInTemporal(Activity.getExecutionContext().getWorkflowClient()));
            tell(owned.run());
            return new Admission(List.of(), owned.run(), owned.resume(), migration.summary(), starter);
        } catch (RunbookException e) {
            return Admission.refused(List.of(String.valueOf(e.getMessage())));
        }
    }

    /** Nobody finds that tab of the Web UI alone, and its address holds the run's id. */
    private void tell(Run run) {
        LOG.info(
                "{}: run {} begins. Its page in the Web UI: {}/namespaces/{}/workflows/{}/{}/user-metadata",
                run.migration(),
                run.id(),
                ui,
                Activity.getExecutionContext().getInfo().getNamespace(),
                run.workflowId(),
                run.workflowRun());
    }

    @Override
    public Evidence gatherEvidence(PhaseRequest phase, String gate) {
        return Failures.mapped(gate, () -> {
            Run run = phase.run();
            Stands.salt(target(run), run);
            return Decisions.gather(target(run), phase, catalog.named(run.migration()), gate, run.workflowRun());
        });
    }

    @Override
    public Attestation attest(Attest attest) {
        return Failures.mapped("approval", () -> Senders.find(attest));
    }

    @Override
    public void keepApproval(Approval approval) {
        Failures.mapped("approval", () -> {
            Approvals.keep(target(approval.run()), approval);
            return approval;
        });
    }

    @Override
    public void judged(Judged judged) {
        Failures.mapped("approval", () -> {
            Approvals.judged(target(judged.run()), judged);
            return judged;
        });
    }

    @Override
    public void audit(Act act) {
        Failures.mapped("audit", () -> target(act.run()).inTransaction(tx -> {
            Runs.write(tx, act);
            return act;
        }));
    }

    @Override
    public void control(Control control) {
        Failures.mapped("control", () -> {
            Controls.control(target(control.run()), control);
            return control;
        });
    }

    @Override
    public void tune(Tune tune) {
        Failures.mapped("tune", () -> {
            Controls.tune(target(tune.run()), tune);
            return tune;
        });
    }

    @Override
    public void stand(Stand stand) {
        Failures.mapped("standing", () -> {
            Stands.keep(target(stand.run()), stand);
            return stand;
        });
    }

    @Override
    public Progress readProgress(Run run) {
        return Failures.mapped("progress", () -> Backfills.progress(target(run), run, catalog.named(run.migration())));
    }

    @Override
    public void end(End end) {
        Failures.mapped("end", () -> {
            Runs.end(target(end.run()), end);
            return end;
        });
    }

    private Target target(Run run) {
        return targets.named(run.target());
    }
}
