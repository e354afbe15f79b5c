package runbook.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import runbook.engine.RunbookException;

class TemporalAddressTest {

    @TempDir
    Path dir;

    @Test
    void without_settings_it_is_the_local_server_and_the_default_namespace() {
        TemporalAddress address = TemporalAddress.from(Map.of("TEMPORAL_CONFIG_FILE", nowhere()));

        assertThat(address).hasToString("127.0.0.1:7233 (namespace default)");
    }

    @Test
    void the_profile_of_the_temporal_command_is_used_and_variables_win() throws IOException {
        Path file = Files.writeString(dir.resolve("temporal.toml"), """
                [profile.prod]
                address = "temporal.example:7233"
                namespace = "orders"
                """);

        TemporalAddress address = TemporalAddress.from(Map.of(
                "TEMPORAL_CONFIG_FILE", file.toString(),
                "TEMPORAL_PROFILE", "prod",
                "TEMPORAL_NAMESPACE", "invoices"));

        assertThat(address).hasToString("temporal.example:7233 (namespace invoices)");
        assertThat(address.options().getTarget()).isEqualTo("temporal.example:7233");
    }

    @Test
    void an_api_key_switches_tls_on() {
        TemporalAddress address =
                TemporalAddress.from(Map.of("TEMPORAL_CONFIG_FILE", nowhere(), "TEMPORAL_API_KEY", "planted-key-4711"));

        assertThat(address.options().getEnableHttps()).isTrue();
        assertThat(address.toString()).doesNotContain("planted-key-4711");
    }

    @Test
    void an_unknown_profile_is_named() {
        assertThatThrownBy(() ->
                        TemporalAddress.from(Map.of("TEMPORAL_CONFIG_FILE", nowhere(), "TEMPORAL_PROFILE", "prodd")))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("Unable to find profile prodd")
                .hasMessageContaining("Nothing was started.");
    }

    @Test
    void a_missing_certificate_is_named() {
        assertThatThrownBy(() -> TemporalAddress.from(Map.of(
                        "TEMPORAL_CONFIG_FILE", nowhere(), "TEMPORAL_TLS_CLIENT_CERT_PATH", "no/such/client.pem")))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("no/such/client.pem")
                .hasMessageContaining("TEMPORAL_*");
    }

    private String nowhere() {
        return dir.resolve("absent.toml").toString();
    }
}
