package runbook.hook;

import java.time.Duration;
import java.util.Set;
import runbook.message.HookCall;
import runbook.message.Notice;
import runbook.message.Occasion;

/**
 * One hook of a worker.
 *
 * @param on what it wants to hear of
 * @param throttledFor how long a copy may be held up before it hears of that
 */
record Hook(HookCall call, Set<Occasion> on, Duration throttledFor, Way way) {

    boolean wants(Notice notice) {
        return on.contains(notice.occasion())
                && (notice.occasion() != Occasion.THROTTLED || notice.lasting().compareTo(throttledFor) >= 0);
    }
}
