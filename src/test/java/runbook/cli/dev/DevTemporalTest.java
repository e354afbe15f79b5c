package runbook.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.client.WorkflowOptions;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import runbook.RequiresTemporal;
import runbook.cli.dev.DevTemporal.Options;
import runbook.engine.RunbookException;
import runbook.worker.RunbookWorker;
import runbook.worker.TemporalAddress;
import runbook.worker.TemporalConnection;

class DevTemporalTest {

    @TempDir
    Path dir;

    @RequiresTemporal
    @Test
    void a_real_one_knows_the_search_attribute_and_keeps_closed_runs_for_a_month(DevTemporal temporal) {
        try (TemporalConnection connection = connect(temporal)) {
            OperatorServiceStubs operator =
                    OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                            .setChannel(connection.stubs().getRawChannel())
                            .validateAndBuildWithDefaults());

            assertThat(operator.blockingStub()
                            .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                                    .setNamespace("default")
                                    .build())
                            .getCustomAttributesMap())
                    .containsEntry(RunbookWorker.SEARCH_ATTRIBUTE, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
            assertThat(connection
                            .stubs()
                            .blockingStub()
                            .describeNamespace(DescribeNamespaceRequest.newBuilder()
                                    .setNamespace("default")
                                    .build())
                            .getConfig()
                            .getWorkflowExecutionRetentionTtl()
                            .getSeconds())
                    .isEqualTo(Duration.ofDays(30).toSeconds());
        }
    }

    @RequiresTemporal
    @Test
    void a_real_one_shows_its_web_ui(DevTemporal temporal) throws IOException {
        HttpURLConnection ui = (HttpURLConnection)
                URI.create(temporal.uiAddress().orElseThrow()).toURL().openConnection();

        assertThat(ui.getResponseCode()).isEqualTo(200);
    }

    @RequiresTemporal
    @Test
    void a_temporary_one_leaves_no_process_and_no_port() {
        DevTemporal temporal = DevTemporal.start(Options.temporary());
        ProcessHandle process = ProcessHandle.of(temporal.pid().orElseThrow()).orElseThrow();

        temporal.close();

        assertThat(process.isAlive()).isFalse();
        assertThat(LoopbackPort.taken(port(temporal))).isFalse();
    }

    @RequiresTemporal
    @Test
    void a_kept_one_has_its_runs_again() {
        String run;
        try (DevTemporal first = DevTemporal.start(Options.temporary().keptIn(dir));
                TemporalConnection connection = connect(first)) {
            run = connection
                    .client()
                    .newUntypedWorkflowStub(
                            "Migration",
                            WorkflowOptions.newBuilder()
                                    .setTaskQueue("nobody_polls_this")
                                    .setWorkflowId("kept")
                                    .build())
                    .start()
                    .getRunId();
        }

        try (DevTemporal second = DevTemporal.start(Options.temporary().keptIn(dir));
                TemporalConnection connection = connect(second)) {
            assertThat(connection
                            .client()
                            .newUntypedWorkflowStub("kept")
                            .describe()
                            .getExecution()
                            .getRunId())
                    .isEqualTo(run);
        }
    }

    @RequiresTemporal
    @Test
    void a_second_one_on_the_same_folder_is_refused() {
        try (DevTemporal first = DevTemporal.start(Options.temporary().keptIn(dir))) {
            assertThat(first.realServer()).isTrue();

            assertThatThrownBy(() -> DevTemporal.start(Options.temporary().keptIn(dir)))
                    .isInstanceOf(RunbookException.class)
                    .hasMessageContaining("the temporal store in " + dir)
                    .hasMessageContaining("two servers on one store destroy it");
        }
    }

    @RequiresTemporal
    @Test
    void one_behind_a_script_ends_with_the_script() throws IOException {
        Path real = Executables.find("temporal").orElseThrow();
        Path script = dir.resolve("temporal");
        Files.writeString(script, "#!/bin/sh\n\"" + real + "\" \"$@\"\nexit $?\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        DevTemporal temporal = DevTemporal.start(Options.temporary().lookingIn(dir.toString()));
        List<ProcessHandle> behind = ProcessHandle.of(temporal.pid().orElseThrow())
                .orElseThrow()
                .descendants()
                .toList();
        assertThat(behind).isNotEmpty();

        temporal.close();

        assertThat(behind).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void without_the_program_the_test_server_takes_its_place_on_the_loopback_address_alone() throws IOException {
        try (DevTemporal temporal = DevTemporal.start(Options.temporary().lookingIn(""));
                TemporalConnection connection = connect(temporal)) {
            assertThat(temporal.realServer()).isFalse();
            assertThat(connection.realServer()).isFalse();
            assertThat(temporal.uiAddress()).isEmpty();
            assertThat(temporal.pid()).isEmpty();
            assertThat(NetworkInterface.networkInterfaces()
                            .flatMap(NetworkInterface::inetAddresses)
                            .filter(address -> !address.isLoopbackAddress()))
                    .allSatisfy(address -> assertThatThrownBy(() -> {
                                try (Socket socket = new Socket()) {
                                    socket.connect(new InetSocketAddress(address, port(temporal)), 500);
                                }
                            })
                            .isInstanceOf(IOException.class));
        }
    }

    @Test
    void without_the_program_nothing_can_be_kept() {
        assertThatThrownBy(() ->
                        DevTemporal.start(Options.temporary().lookingIn("").keptIn(Path.of("store"))))
                .isInstanceOf(RunbookException.class)
                .hasMessage("dev: --dir store cannot be kept: there is no 'temporal' on the PATH, and the test server"
                        + " that takes its place holds everything in memory. Nothing was started."
                        + " Install the Temporal CLI, or leave --dir out.");
    }

    @Test
    void a_taken_port_is_refused() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> DevTemporal.start(Options.temporary().onPorts(other.getLocalPort(), 0)))
                    .isInstanceOf(RunbookException.class)
                    .hasMessageContaining("port " + other.getLocalPort() + " is taken");
        }
    }

    private static TemporalConnection connect(DevTemporal temporal) {
        return TemporalConnection.open(
                TemporalAddress.of(temporal.address(), temporal.namespace()), Duration.ofSeconds(10));
    }

    private static int port(DevTemporal temporal) {
        return Integer.parseInt(temporal.address().substring(temporal.address().lastIndexOf(':') + 1));
    }
}
