package runbook.workflow;

import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import runbook.message.Copy;
import runbook.message.CopyRequest;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;

/** The slots that copy one backfill at once: one activity each, whatever the number of ranges and rows. */
final class Slots {

    private final PhaseRequest request;
    private final Copy copy;
    private final CancellationScope scope;
    private final List<Promise<Optional<PhaseReport>>> slots = new ArrayList<>();
    private @Nullable RuntimeException failure;
    private boolean over;

    /** @param wanted how many slots are wanted now; more of them start whenever that rises */
    Slots(PhaseRequest request, Copy copy, IntSupplier wanted) {
        this.request = request;
        this.copy = copy;
        this.scope = Workflow.newCancellationScope(() -> {
            atLeast(copy.slots());
            Async.procedure(() -> follow(wanted));
        });
    }

    private void atLeast(int count) {
        while (slots.size() < count) {
            int slot = slots.size();
            PhaseActivities activities = Calls.endless(copy.name() + ", slot " + (slot + 1));
            Promise<PhaseReport> report =
                    Async.function(activities::copyRanges, new CopyRequest(request, copy.backfill(), slot));
            slots.add(report.handle(this::ended));
        }
    }

    private void follow(IntSupplier wanted) {
        try {
            while (!over) {
                Workflow.await(() -> over || slots.size() < wanted.getAsInt());
                if (!over) {
                    atLeast(wanted.getAsInt());
                }
            }
        } catch (CanceledFailure stopped) {
            Workflow.getLogger(Slots.class).debug("no further slots");
        }
    }

    /**
     * Copies until no range is left, or a slot fails; the others are stopped then. All have ended when this returns or
     * throws: none may still write when the phase is over.
     */
    List<PhaseReport> copied() {
        scope.run();
        List<PhaseReport> reports = new ArrayList<>();
        for (int slot = 0; slot < slots.size(); slot++) {
            slots.get(slot).get().ifPresent(reports::add);
        }
        over = true;
        if (failure != null) {
            throw failure;
        }
        return reports;
    }

    /** What fails after the first has only been stopped. */
    private Optional<PhaseReport> ended(@Nullable PhaseReport report, @Nullable RuntimeException failed) {
        if (failed != null && failure == null) {
            failure = failed;
            scope.cancel("another slot failed");
        }
        return Optional.ofNullable(report);
    }
}
