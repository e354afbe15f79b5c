package runbook.workflow;

import io.temporal.activity.ActivityInterface;
import java.util.List;
import runbook.message.Copy;
import runbook.message.CopyRequest;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.RepairReport;
import runbook.message.RepairRequest;
import runbook.message.RequeueReport;
import runbook.message.RequeueRequest;
import runbook.message.StagePlan;
import runbook.message.StageRequest;
import runbook.message.TrialReport;
import runbook.message.TrialRequest;

/**
 * What the phases do. Every method may run twice and then finds its own work done; each begins with the preflight, since
 * after a failover the database may have lost its tail while Temporal did not.
 */
@ActivityInterface
public interface PhaseActivities {

    /** Looks at the old shape: volumes, data quality, keys, locks, what hangs on the tables. */
    PhaseReport assess(PhaseRequest phase);

    /** Backs the touched tables up at one snapshot. */
    PhaseReport backUp(PhaseRequest phase);

    /** Restores the newest backup into a scratch database and compares it row for row. */
    PhaseReport drill(PhaseRequest phase);

    /** Adds the new shape: tables, columns, mirrors. */
    PhaseReport expand(PhaseRequest phase);

    /** Brings one unit over and shows the verification record. */
    TrialReport bringOverOne(TrialRequest trial);

    /** Cuts the ranges of all backfills, or finds them. */
    List<Copy> openBackfill(PhaseRequest phase);

    /** Copies ranges of one backfill until none is left. */
    PhaseReport copyRanges(CopyRequest copy);

    /** Lets the rows in quarantine out and copies what was not copied. */
    RequeueReport requeue(RequeueRequest requeue);

    /** Builds the indexes and constraints that the copy did not need, and refreshes statistics. */
    PhaseReport finishBackfill(PhaseRequest phase);

    /** Checks, comparisons, measures and latencies. */
    PhaseReport validate(PhaseRequest phase);

    /** Cures what a check reported, or says what it would do. */
    RepairReport repair(RepairRequest repair);

    /** The stages of the cutover, in order. */
    List<StagePlan> planStages(PhaseRequest phase);

    /** Flips the switches of one stage, once what guards it holds. */
    PhaseReport flip(StageRequest stage);

    /** Checks one stage. */
    PhaseReport checkStage(StageRequest stage);

    /**
     * Reads what a stage is watched by while it bakes, and judges it.
     *
     * @param once names the reading: it counts once, however often its activity runs
     */
    PhaseReport readStage(StageRequest stage, String once);

    /** Switches a stage back, and all after it; the run goes on standing. */
    PhaseReport stepBack(StageRequest stage);

    /** Proves, then drops the mirrors and takes the old objects out of sight, in one transaction. */
    PhaseReport retire(PhaseRequest phase);

    /** Drops the retired objects: the point of no return. */
    PhaseReport drop(PhaseRequest phase);

    /** Flips every switch back and waits until no statement that saw the new shape is left. */
    PhaseReport flipBack(PhaseRequest phase);

    /** Takes mirrors, functions and views away, moves the new tables to the archive, and checks the old shape. */
    PhaseReport undo(PhaseRequest phase);
}
