package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import runbook.message.Verb;

/**
 * Judges messages one after the other whenever the run waits, in the order in which they came. What changes nothing is
 * shown with the reason: the sender of a signal gets no other answer.
 */
final class Judge {

    /** What a verb asks for, and when it may be asked. */
    interface Rule {

        /** Why this message cannot be taken now; {@code null} when it can. Only looks. */
        @Nullable
        String refusal(Message message);

        /** Does what was asked and says so; {@code null} when the sender is answered later. */
        @Nullable
        String take(Message message);
    }

    /** What ends a wait without a message. */
    private record Stop(Supplier<Boolean> asked, Runnable act) {}

    private static final String NOT_BEGUN = "The run has not begun yet.";

    private final Inbox inbox;
    private final Journal journal;
    private final Map<Verb, Rule> rules = new EnumMap<>(Verb.class);
    private final List<Stop> stops = new ArrayList<>();

    Judge(Inbox inbox, Journal journal) {
        this.inbox = inbox;
        this.journal = journal;
        inbox.refuseBy(this::refusal);
    }

    void rule(Verb verb, Rule rule) {
        rules.put(verb, rule);
    }

    /** What else ends a wait: a request that comes without a message. */
    void onStop(Supplier<Boolean> asked, Runnable act) {
        stops.add(new Stop(asked, act));
    }

    /** The only way in which the run waits. */
    void until(Supplier<Boolean> done) {
        while (true) {
            Workflow.await(() -> !inbox.isEmpty() || stopped() || done.get());
            for (Message message = inbox.next(); message != null; message = inbox.next()) {
                judge(message);
            }
            stops.stream().filter(stop -> stop.asked().get()).forEach(stop -> stop.act()
                    .run());
            if (done.get()) {
                return;
            }
        }
    }

    private boolean stopped() {
        return stops.stream().anyMatch(stop -> stop.asked().get());
    }

    /** Answers whoever still waits; nothing is taken any more. */
    void close(String reason) {
        for (Message message = inbox.next(); message != null; message = inbox.next()) {
            ignore(message, reason);
        }
        inbox.refuseBy(message -> reason);
    }

    void ignore(Message message, String reason) {
        message.refuse(reason);
        journal.dealings().ignored(message, reason);
    }

    @Nullable
    String refusal(Message message) {
        if (!message.body().problem().isEmpty()) {
            return message.body().problem();
        }
        Rule rule = rule(message);
        if (rule == null) {
            return NOT_BEGUN;
        }
        Leave leaving = journal.leaving();
        if (leaving != null && message.verb() != Verb.RETRY) {
            return "Too late: " + leaving.sentence();
        }
        return rule.refusal(message);
    }

    private @Nullable Rule rule(Message message) {
        return message.verb() == null ? null : rules.get(message.verb());
    }

    /** What comes behind a message that ends the way forward is too late, and shown so. */
    void judge(List<Message> messages) {
        Leave first = null;
        for (Message message : messages) {
            try {
                judge(message);
            } catch (Leave leave) {
                first = leave;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    void judge(Message message) {
        String reason = refusal(message);
        Rule rule = rule(message);
        if (rule == null || reason != null) {
            ignore(message, reason == null ? NOT_BEGUN : reason);
            return;
        }
        try {
            String answer = rule.take(message);
            if (answer != null) {
                message.accept(answer);
            }
        } catch (Leave leave) {
            message.accept(leave.sentence());
            throw leave;
        } catch (ActivityFailure failure) {
            ignore(message, "It was not carried out. " + Failures.sentence(failure) + " Send it again.");
        }
    }
}
