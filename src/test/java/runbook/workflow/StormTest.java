package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowUpdateException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runbook.Eventually;
import runbook.RequiresTemporal;
import runbook.cli.dev.DevTemporal;
import runbook.message.Status;
import runbook.message.StatusGate;

/**
 * Whatever people send, in whatever order: the run answers, can be brought to its end, and replays. On a real server,
 * since the in-process one stands still when work that is cancelled has just ended by itself.
 */
@RequiresTemporal
class StormTest {

    private static final List<String> ACTIVITIES =
            List.of("assess", "backUp", "expand", "copy 0.0", "validate", "checkStage 0", "undo", "end rolled_back");
    private static final List<String> VERBS =
            List.of("approve", "reject", "withdraw", "pause", "resume", "retry", "repair", "trial", "tune");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void every_order_of_messages_leaves_a_run_that_can_be_ended(long seed, DevTemporal temporal) throws Exception {
        Random chance = new Random(seed);
        try (Rig rig = Rig.on(temporal.address(), seed % 2 == 0)) {
            rig.target.bake(Duration.ZERO);
            for (String activity : ACTIVITIES) {
                rig.target.fault(activity, chance.nextBoolean() ? "failed" : "The target does not answer.");
            }
            rig.start(Rig.input("soak", "PT2S", "revalidate", "PT1S", "hold", "PT1S"));

            for (int i = 0; i < 60 && !ended(rig); i++) {
                send(rig, chance);
            }
            try {
                end(rig, chance);
            } catch (AssertionError late) {
                throw new AssertionError(late.getMessage() + ": " + rig.status() + " " + rig.target.calls, late);
            }

            assertThat(rig.status().state()).isIn("rolled_back", "rejected", "completed");
            rig.past().replayed(MigrationWorkflowImpl.class);
        }
    }

    private static void send(Rig rig, Random chance) {
        Status status = rig.status();
        StatusGate gate = status.gate();
        String verb = status.state().equals("parked") && chance.nextBoolean()
                ? "retry"
                : VERBS.get(chance.nextInt(VERBS.size()));
        if (verb.equals("reject") && chance.nextInt(5) > 0) {
            verb = "approve";
        }
        Object[] body = body(chance, verb, gate);
        try {
            if (chance.nextBoolean()) {
                rig.signal(verb, body);
            } else if (!verb.equals("tune")) {
                rig.run().update(verb, Object.class, Rig.body(body));
            }
        } catch (WorkflowUpdateException refused) {
            assertThat(refused.getCause()).hasMessageNotContaining("NullPointer");
        } catch (WorkflowNotFoundException ended) {
            assertThat(ended(rig)).isTrue();
        }
    }

    private static Object[] body(Random chance, String verb, @org.jspecify.annotations.Nullable StatusGate gate) {
        if (chance.nextInt(8) == 0) {
            return new Object[] {"nonsense", 1};
        }
        return switch (verb) {
            case "approve", "reject", "withdraw" ->
                new Object[] {
                    "gate", gate == null || chance.nextInt(6) == 0 ? "cutover" : gate.name(),
                    "evidence", gate == null ? "0123456789" : gate.evidence(),
                    "approver", chance.nextInt(6) == 0 ? "carol" : "alice"
                };
            case "repair" ->
                new Object[] {"check", "c", "repair", "r", "requestedBy", "bob", "dryRun", chance.nextBoolean()};
            case "trial" -> new Object[] {"key", "1", "requestedBy", "bob"};
            default -> new Object[] {"requestedBy", "bob"};
        };
    }

    /** As a person would: take it back, and try again until it holds; past the point of no return, reject the drop. */
    private static void end(Rig rig, Random chance) throws Exception {
        Eventually.holds("the run can be ended", Duration.ofSeconds(40), () -> {
            if (List.of("rolled_back", "rejected", "completed")
                    .contains(rig.status().state())) {
                return true;
            }
            StatusGate gate = rig.status().gate();
            try {
                if (gate != null && gate.name().equals("drop")) {
                    rig.update("reject", "gate", "drop", "evidence", gate.evidence(), "approver", "alice");
                } else if (rig.status().state().equals("parked") && chance.nextBoolean()) {
                    rig.signal("retry", "requestedBy", "bob");
                } else if (rig.status().state().equals("paused")) {
                    rig.signal("resume", "requestedBy", "bob");
                } else {
                    rig.signal("rollback", "requestedBy", "bob");
                }
            } catch (WorkflowNotFoundException | WorkflowUpdateException ended) {
                return false;
            }
            return false;
        });
    }

    private static boolean ended(Rig rig) {
        return List.of("rolled_back", "rejected", "completed")
                .contains(rig.status().state());
    }
}
