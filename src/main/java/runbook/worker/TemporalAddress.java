package runbook.worker;

import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.envconfig.LoadClientConfigProfileOptions;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;

/** Where Temporal is, which namespace, and how to prove who we are; nothing is connected yet. */
public record TemporalAddress(String address, String namespace, WorkflowServiceStubsOptions options) {

    private static final String LOCAL = "127.0.0.1:7233";

    /** A server without TLS, such as one of our own. */
    public static TemporalAddress of(String address, String namespace) {
        return new TemporalAddress(
                address,
                namespace,
                WorkflowServiceStubsOptions.newBuilder().setTarget(address).build());
    }

    /**
     * The address that the {@code temporal} command would use: its configuration file, its profile, the variables
     * {@code TEMPORAL_*}.
     */
    public static TemporalAddress fromEnvironment() {
        return from(System.getenv());
    }

    static TemporalAddress from(Map<String, String> environment) {
        try {
            ClientConfigProfile profile = ClientConfigProfile.load(LoadClientConfigProfileOptions.newBuilder()
                    .setEnvOverrides(environment)
                    .build());
            String address = given(profile.getAddress(), LOCAL);
            return new TemporalAddress(
                    address,
                    given(profile.getNamespace(), "default"),
                    WorkflowServiceStubsOptions.newBuilder(profile.toWorkflowServiceStubsOptions())
                            .setTarget(address)
                            .build());
        } catch (IOException | RuntimeException e) {
            throw new RunbookException(
                    "worker: the settings for Temporal cannot be read: " + reason(e) + ". Nothing was started."
                            + " Correct the file of 'temporal config' (TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE) or the"
                            + " variables TEMPORAL_*.",
                    e);
        }
    }

    private static String given(@Nullable String value, String otherwise) {
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /** The last cause names the file; what the wrappers say is only that something went wrong. */
    private static String reason(Throwable error) {
        Throwable last = error;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return last.getClass().getSimpleName() + ": " + last.getMessage();
    }

    /** As people write it: the address, then the namespace. */
    @Override
    public String toString() {
        return address + " (namespace " + namespace + ")";
    }
}
