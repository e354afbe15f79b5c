package runbook.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Makes up what the application's users do next. */
final class ActionMix {

    private static final String[] STATUSES = {
        "draft",
        "pending_documents",
        "documents_submitted",
        "under_review",
        "on_hold",
        "approved",
        "rejected",
        "completed"
    };
    /** What people also enter, and what must come through as it is. */
    private static final @Nullable String[] ODD = {
        null, "", "  ", " approved ", "COMPLETED", "see notes", "über O'Brien\\"
    };

    private static final int ADMINS = 20;
    private static final int PEOPLE_EVER = 100;

    private final SplittableRandom random;
    private final Processes processes;

    ActionMix(long seed, Processes processes) {
        this.random = new SplittableRandom(seed);
        this.processes = processes;
    }

    /** A transaction of one to four actions, a third of them at REPEATABLE READ, half of them the new way where it is on. */
    Plan next() {
        int size = random.nextInt(10) < 7 ? 1 : 2 + random.nextInt(3);
        return new Plan(actions(size), random.nextInt(3) == 0, random.nextBoolean(), Duration.ZERO);
    }

    /** A transaction that somebody leaves open for seconds. */
    Plan nextHeldOpen() {
        return new Plan(
                actions(2),
                random.nextInt(3) == 0,
                random.nextBoolean(),
                Duration.ofMillis(1_000 + random.nextInt(2_500)));
    }

    private List<Action> actions(int size) {
        List<Action> actions = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Action action = action();
            if (actions.stream().noneMatch(other -> other.process() == action.process())) {
                actions.add(action);
            }
        }
        actions.sort(Comparator.comparingLong(Action::process));
        return actions;
    }

    private Action action() {
        int chance = random.nextInt(100);
        Long process = chance < 8 ? processes.pollDeleted() : chance < 18 ? null : processes.pick(random);
        if (process == null) {
            return new Action(Action.Kind.INSERT, Long.MAX_VALUE, status(), actor());
        }
        Action.Kind kind = chance < 8
                ? Action.Kind.REINSERT
                : chance < 26
                        ? Action.Kind.READ
                        : chance < 36
                                ? Action.Kind.RETITLE
                                : chance < 46
                                        ? Action.Kind.REPEAT
                                        : chance < 54 ? Action.Kind.DELETE : Action.Kind.CHANGE;
        return new Action(kind, process, status(), actor());
    }

    private @Nullable String status() {
        return random.nextInt(10) == 0 ? ODD[random.nextInt(ODD.length)] : STATUSES[random.nextInt(STATUSES.length)];
    }

    /** Mostly someone who is there, sometimes someone who has left or nobody. */
    private @Nullable Long actor() {
        return random.nextInt(20) == 0 ? null : (long) (1 + random.nextInt(PEOPLE_EVER));
    }

    /** An admin to act as where only admins may. */
    static long admin(Action action) {
        Long actor = action.actor();
        return actor == null ? 1 : 1 + actor % ADMINS;
    }
}
