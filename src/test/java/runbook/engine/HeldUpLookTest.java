package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.engine.ComparisonRig.Looking;
import runbook.message.CheckVerdict;
import runbook.message.Verdict;

/** A comparison beside a server that has other things to do. */
class HeldUpLookTest extends OneComparison {

    HeldUpLookTest() {
        super(Map.of(
                "custom",
                "select n from public.dial",
                "limits",
                Map.of("custom", 10),
                "freezes",
                List.of("2020-01-01T00:00:00Z/2100-01-01T00:00:00Z")));
    }

    @BeforeEach
    void busy() {
        rig.sql("create table public.dial as select 12 as n");
    }

    @Test
    void waits_while_the_server_is_busy_and_for_no_window() throws Exception {
        rig.units(100);
        Queue<String> beats = new ConcurrentLinkedQueue<>();

        CompletableFuture<CheckVerdict> look = CompletableFuture.supplyAsync(() -> rig.look(
                rig.attempt(1), rig.comparison(), Looking.ALONE.beating(detail -> beats.add(detail.toString()))));
        Eventually.holds(
                "it says so", Duration.ofSeconds(10), () -> beats.toString().contains("throttled by=custom"));
        assertThat(rig.number("select count(*) from runbook.chunk")).isZero();
        rig.sql("update public.dial set n = 0");

        assertThat(look.get().verdict()).isEqualTo(Verdict.PASSED);
        assertThat(rig.text("select backfill from runbook.throttle")).isEqualTo(ComparisonRig.CLAIM);
    }

    @Test
    void what_a_busy_server_leaves_no_time_for_is_not_verified_and_the_cause_is_named() {
        rig.units(100);

        CheckVerdict verdict =
                rig.look(rig.attempt(1), rig.comparison(), Looking.ALONE.patientFor(Duration.ofSeconds(2)));

        assertThat(verdict.verdict()).isEqualTo(Verdict.NOT_VERIFIED);
        assertThat(verdict.note())
                .endsWith("the rest was left out, after it was held up for 2 s by custom query (12, limit 10)");
        assertThat(rig.number("select count(*) from runbook.throttle where since is not null"))
                .as("slots that wait")
                .isZero();
    }
}
