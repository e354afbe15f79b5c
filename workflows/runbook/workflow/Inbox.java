package runbook.workflow;

import io.temporal.common.converter.RawValue;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import runbook.message.Body;
import runbook.message.Verb;

/** Takes every message as it comes and judges none: the run's main routine does, in its own time. */
final class Inbox implements Messages {

    private final Deque<Message> waiting = new ArrayDeque<>();
    private final Begun begun = new Begun();
    private Function<Message, @Nullable String> refusal = message -> null;
    private int arrived;

    private Inbox() {}

    /** An inbox that is known to Temporal before the first message is handed over. */
    static Inbox open() {
        Inbox inbox = new Inbox();
        Workflow.registerListener(inbox);
        Workflow.registerListener(new UnknownSignals(inbox::unknown));
        return inbox;
    }

    /** What an update is refused with before it is let in; the main routine asks the same again. */
    void refuseBy(Function<Message, @Nullable String> reason) {
        refusal = reason;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    @Nullable
    Message next() {
        return waiting.poll();
    }

    /** What the run says to itself when a time is over: judged in its turn, like any other message. */
    void remind(Verb verb, Body body) {
        waiting.add(new Message(++arrived, verb.word(), verb, body, 0, "", null));
    }

    void answerBegin(String sentence) {
        begun.answer(sentence);
    }

    void refuseBegin(String message) {
        begun.refuse(message);
    }

    @Override
    public String begin(@Nullable RawValue ignored) {
        return Detached.call(begun::awaited);
    }

    @Override
    public void approve(@Nullable RawValue body) {
        signal(Verb.APPROVE, body);
    }

    @Override
    public String approveNow(@Nullable RawValue body) {
        return update(Verb.APPROVE, body);
    }

    @Override
    public void checkApprove(@Nullable RawValue body) {
        check(Verb.APPROVE, body);
    }

    @Override
    public void reject(@Nullable RawValue body) {
        signal(Verb.REJECT, body);
    }

    @Override
    public String rejectNow(@Nullable RawValue body) {
        return update(Verb.REJECT, body);
    }

    @Override
    public void checkReject(@Nullable RawValue body) {
        check(Verb.REJECT, body);
    }

    @Override
    public void withdraw(@Nullable RawValue body) {
        signal(Verb.WITHDRAW, body);
    }

    @Override
    public String withdrawNow(@Nullable RawValue body) {
        return update(Verb.WITHDRAW, body);
    }

    @Override
    public void checkWithdraw(@Nullable RawValue body) {
        check(Verb.WITHDRAW, body);
    }

    @Override
    public void pause(@Nullable RawValue body) {
        signal(Verb.PAUSE, body);
    }

    @Override
    public String pauseNow(@Nullable RawValue body) {
        return update(Verb.PAUSE, body);
    }

    @Override
    public void checkPause(@Nullable RawValue body) {
        check(Verb.PAUSE, body);
    }

    @Override
    public void resume(@Nullable RawValue body) {
        signal(Verb.RESUME, body);
    }

    @Override
    public String resumeNow(@Nullable RawValue body) {
        return update(Verb.RESUME, body);
    }

    @Override
    public void checkResume(@Nullable RawValue body) {
        check(Verb.RESUME, body);
    }

    @Override
    public void abort(@Nullable RawValue body) {
        signal(Verb.ABORT, body);
    }

    @Override
    public String abortNow(@Nullable RawValue body) {
        return update(Verb.ABORT, body);
    }

    @Override
    public void checkAbort(@Nullable RawValue body) {
        check(Verb.ABORT, body);
    }

    @Override
    public void rollback(@Nullable RawValue body) {
        signal(Verb.ROLLBACK, body);
    }

    @Override
    public String rollbackNow(@Nullable RawValue body) {
        return update(Verb.ROLLBACK, body);
    }

    @Override
    public void checkRollback(@Nullable RawValue body) {
        check(Verb.ROLLBACK, body);
    }

    @Override
    public void retry(@Nullable RawValue body) {
        signal(Verb.RETRY, body);
    }

    @Override
    public String retryNow(@Nullable RawValue body) {
        return update(Verb.RETRY, body);
    }

    @Override
    public void checkRetry(@Nullable RawValue body) {
        check(Verb.RETRY, body);
    }

    @Override
    public void repair(@Nullable RawValue body) {
        signal(Verb.REPAIR, body);
    }

    @Override
    public String repairNow(@Nullable RawValue body) {
        return update(Verb.REPAIR, body);
    }

    @Override
    public void checkRepair(@Nullable RawValue body) {
        check(Verb.REPAIR, body);
    }

    @Override
    public void trial(@Nullable RawValue body) {
        signal(Verb.TRIAL, body);
    }

    @Override
    public Object trialNow(@Nullable RawValue body) {
        return answer(Verb.TRIAL, body);
    }

    @Override
    public void checkTrial(@Nullable RawValue body) {
        check(Verb.TRIAL, body);
    }

    @Override
    public void tune(@Nullable RawValue body) {
        signal(Verb.TUNE, body);
    }

    @Override
    public String tuneNow(@Nullable RawValue body) {
        return update(Verb.TUNE, body);
    }

    @Override
    public void checkTune(@Nullable RawValue body) {
        check(Verb.TUNE, body);
    }

    @Override
    public void requeue(@Nullable RawValue body) {
        signal(Verb.REQUEUE, body);
    }

    @Override
    public String requeueNow(@Nullable RawValue body) {
        return update(Verb.REQUEUE, body);
    }

    @Override
    public void checkRequeue(@Nullable RawValue body) {
        check(Verb.REQUEUE, body);
    }

    @Override
    public void advance(@Nullable RawValue body) {
        signal(Verb.ADVANCE, body);
    }

    @Override
    public String advanceNow(@Nullable RawValue body) {
        return update(Verb.ADVANCE, body);
    }

    @Override
    public void checkAdvance(@Nullable RawValue body) {
        check(Verb.ADVANCE, body);
    }

    @Override
    public void hold(@Nullable RawValue body) {
        signal(Verb.HOLD, body);
    }

    @Override
    public String holdNow(@Nullable RawValue body) {
        return update(Verb.HOLD, body);
    }

    @Override
    public void checkHold(@Nullable RawValue body) {
        check(Verb.HOLD, body);
    }

    private void signal(Verb verb, @Nullable RawValue raw) {
        waiting.add(new Message(++arrived, verb.word(), verb, Json.body(verb, raw), SignalEvents.current(), "", null));
    }

    private String update(Verb verb, @Nullable RawValue raw) {
        return String.valueOf(answer(verb, raw));
    }

    private Object answer(Verb verb, @Nullable RawValue raw) {
        String id = Workflow.getCurrentUpdateInfo().orElseThrow().getUpdateId();
        CompletablePromise<Object> answer = Workflow.newPromise();
        waiting.add(new Message(++arrived, verb.word(), verb, Json.body(verb, raw), 0, id, answer));
        return Detached.call(answer::get);
    }

    private void check(Verb verb, @Nullable RawValue raw) {
        String reason = refusal.apply(new Message(0, verb.word(), verb, Json.body(verb, raw), 0, "", null));
        if (reason != null) {
            throw new Refused(reason);
        }
    }

    private void unknown(String name) {
        waiting.add(new Message(++arrived, name, null, Body.unknown(name), SignalEvents.current(), "", null));
    }
}
