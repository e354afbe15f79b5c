package runbook.workflow;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import runbook.message.HookCall;
import runbook.message.Judged;
import runbook.message.Notice;
import runbook.message.Stand;

/** What the run tells its target by the way, and does not wait for. */
abstract class Noted extends Faults {

    /** Where the run said that it stands. */
    public final List<String> stood = new CopyOnWriteArrayList<>();

    /** What approvals were said to be worth, in the order of the changes. */
    public final List<String> worth = new CopyOnWriteArrayList<>();

    /** What hooks were told, at each attempt. */
    public final List<Notice> notices = new CopyOnWriteArrayList<>();

    private final List<HookCall> hooks = new CopyOnWriteArrayList<>();

    /** A hook that hears of everything; how it answers is the ending of {@code hook NAME: OCCASION PLACE}. */
    public void hook(String name, boolean blocking, int attempts) {
        hooks.add(new HookCall(name, blocking, Duration.ofSeconds(10), attempts));
    }

    public List<HookCall> findHooks(Notice notice) {
        return List.copyOf(hooks);
    }

    public void callHook(String hook, Notice notice) {
        notices.add(notice);
        ending("hook " + hook + ": " + notice.words());
    }

    public void stand(Stand stand) {
        ending("stand");
        stood.add(stand.state());
    }

    public void judged(Judged judged) {
        ending("judged");
        worth.add(judged.validity().word());
    }
}
