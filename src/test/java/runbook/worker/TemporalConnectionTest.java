package runbook.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import runbook.RequiresTemporal;
import runbook.cli.dev.DevTemporal;
import runbook.engine.RunbookException;

class TemporalConnectionTest {

    private static final Duration AT_ONCE = Duration.ZERO;

    /** Long enough to show that an error does not wait for it. */
    private static final Duration VERY_PATIENT = Duration.ofHours(1);

    @Test
    void nobody_at_the_address_is_told_with_address_and_namespace() {
        assertThatThrownBy(() -> TemporalConnection.open(TemporalAddress.of("127.0.0.1:1", "orders"), AT_ONCE))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("Temporal at 127.0.0.1:1 (namespace orders)")
                .hasMessageContaining("Connection refused");
    }

    @RequiresTemporal
    @Test
    void an_unknown_namespace_is_told_at_once_with_the_command_that_makes_it(DevTemporal temporal) {
        assertThatThrownBy(
                        () -> TemporalConnection.open(TemporalAddress.of(temporal.address(), "orders"), VERY_PATIENT))
                .isInstanceOf(RunbookException.class)
                .hasMessage("worker: Temporal at " + temporal.address() + " (namespace orders) does not know this"
                        + " namespace. Nothing was started. Create it:"
                        + " temporal operator namespace create --namespace orders (or correct TEMPORAL_NAMESPACE).");
    }

    @RequiresTemporal
    @Test
    void tls_against_a_server_without_is_told_at_once(DevTemporal temporal) {
        TemporalAddress tls = new TemporalAddress(
                temporal.address(),
                "default",
                WorkflowServiceStubsOptions.newBuilder()
                        .setTarget(temporal.address())
                        .setEnableHttps(true)
                        .build());

        assertThatThrownBy(() -> TemporalConnection.open(tls, VERY_PATIENT))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("do not agree on TLS")
                .hasMessageContaining("TEMPORAL_TLS");
    }

    @RequiresTemporal
    @Test
    void an_api_key_that_the_server_cannot_take_stays_out_of_the_message(DevTemporal temporal) {
        TemporalAddress keyed = TemporalAddress.from(Map.of(
                "TEMPORAL_CONFIG_FILE", "absent.toml",
                "TEMPORAL_ADDRESS", temporal.address(),
                "TEMPORAL_API_KEY", "planted-key-4711"));

        assertThatThrownBy(() -> TemporalConnection.open(keyed, VERY_PATIENT))
                .isInstanceOf(RunbookException.class)
                .hasMessageNotContaining("planted-key-4711");
    }

    @RequiresTemporal
    @Test
    void it_can_tell_a_real_server_from_the_test_server(DevTemporal temporal) {
        try (TemporalConnection real =
                TemporalConnection.open(TemporalAddress.of(temporal.address(), "default"), AT_ONCE)) {
            assertThat(real.realServer()).isTrue();
        }
    }
}
