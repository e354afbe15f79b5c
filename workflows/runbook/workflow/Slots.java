package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
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
    private final List<Promise<PhaseReport>> slots = new ArrayList<>();
    private boolean over;

    Slots(PhaseRequest request, Copy copy) {
        this.request = request;
        this.copy = copy;
    }

    void atLeast(int count) {
        while (slots.size() < count) {
            int slot = slots.size();
            PhaseActivities activities = Calls.endless(copy.name() + ", slot " + (slot + 1));
            slots.add(Async.function(activities::copyRanges, new CopyRequest(request, copy.backfill(), slot)));
        }
    }

    /** Starts more whenever more are wanted, until the copy is over. */
    void follow(IntSupplier wanted) {
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

    /** All slots have ended when this returns or throws: none may still write when the phase is over. */
    List<PhaseReport> ended(CancellationScope scope) {
        List<PhaseReport> reports = new ArrayList<>();
        @Nullable ActivityFailure first = null;
        for (int slot = 0; slot < slots.size(); slot++) {
            try {
                reports.add(slots.get(slot).get());
            } catch (ActivityFailure failure) {
                first = first == null ? failure : first;
                scope.cancel("another slot failed");
            }
        }
        over = true;
        if (first != null) {
            throw first;
        }
        return reports;
    }
}
