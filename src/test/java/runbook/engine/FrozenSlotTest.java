package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runbook.Eventually;
import runbook.OwnThread;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.Run;

/** A slot whose worker stands still while it enters, takes a range or splits one keeps nobody out for long. */
class FrozenSlotTest extends OneCopy {

    private static final Duration LONGER_THAN_ITS_SESSION = Duration.ofSeconds(30);

    private Run run;

    FrozenSlotTest() {
        super(20_000);
    }

    /** One range that slot 2 has, large enough to be split. */
    @BeforeEach
    void open() {
        run = rig.begin(insert, Map.of()).run();
        rig.sql("delete from runbook.range where number > 1");
        rig.sql("update runbook.range set upto_key = '[\"20000\"]', expected = 20000");
        Slot holder = slot(rig.target, 1, "holder");
        holder.enter();
        assertThat(holder.next()).isPresent();
    }

    private Slot slot(Target target, int number, String token) {
        return new Slot(target, run, insert, number, token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"set \"owner_slot\" = ", "set \"owner_epoch\" = ", "set \"expected\" = "})
    @Timeout(60)
    void lets_go_of_what_the_next_attempt_and_the_other_slots_wait_for(String change) throws Exception {
        boolean split = change.contains("expected");
        if (!split) {
            rig.sql("update runbook.range set owner_slot = null, owner_token = null");
        }
        try (Freezer freezer = new Freezer(rig.target, "update \"runbook\".\"range\" " + change)) {
            CompletableFuture<Void> frozen = taking(slot(freezer.target(), 0, "frozen"));
            freezer.awaitFrozen();

            AtomicReference<Optional<RangeRecord>> taken = new AtomicReference<>(Optional.empty());
            Eventually.holds("another attempt has a range", LONGER_THAN_ITS_SESSION, () -> takes(taken));
            assertThat(taken.get().map(RangeRecord::getOwnerToken)).contains("newer");
            assertThat(taken.get().map(RangeRecord::getNumber)).contains(split ? 2 : 1);

            freezer.thaw();
            assertThatThrownBy(() -> frozen.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .satisfies(lost -> assertThat(Sql.state(lost)).isIn("25P03", "08006", "08003"));
        }
    }

    private static CompletableFuture<Void> taking(Slot slot) {
        return CompletableFuture.runAsync(
                () -> {
                    slot.enter();
                    assertThat(slot.next()).isPresent();
                },
                OwnThread.EACH);
    }

    /** As an activity that is tried again when it got no lock. */
    private boolean takes(AtomicReference<Optional<RangeRecord>> taken) {
        try {
            Slot newer = slot(rig.target, 0, "newer");
            newer.enter();
            taken.set(newer.next());
        } catch (DataAccessException e) {
            assertThat(Sql.state(e)).isEqualTo("55P03");
        }
        return taken.get().isPresent();
    }
}
