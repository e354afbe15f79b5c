package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runbook.Eventually;
import runbook.RequiresTemporal;
import runbook.TestPostgres;
import runbook.cli.dev.DevTemporal;
import runbook.worker.RunbookWorker;
import runbook.worker.TemporalAddress;

/** A server that does not know the search attribute, and a worker that may not add it. */
@RequiresTemporal
class NoSearchAttributeTest {

    private static final String ADD =
            OperatorServiceGrpc.getAddSearchAttributesMethod().getFullMethodName();
    private static final String LIST =
            OperatorServiceGrpc.getListSearchAttributesMethod().getFullMethodName();

    @RegisterExtension
    final TestPostgres postgres = RunFixture.legacy();

    @TempDir
    Path folder;

    /** Answers some calls as a server does that allows them to administrators alone. */
    private record Forbids(Set<String> methods) implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            if (methods.contains(method.getFullMethodName())) {
                throw Status.PERMISSION_DENIED.asRuntimeException();
            }
            return next.newCall(method, options);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Timeout(180)
    void runs_that_would_set_it_are_refused_until_it_is_there_and_others_run(boolean mayList) throws Exception {
        try (DevTemporal server = DevTemporal.start(DevTemporal.Options.temporary());
                RunFixture run = new RunFixture(server, postgres.target(), folder)) {
            administrator(run, "remove", "--yes");

            run.withWorker(address(server, mayList ? Set.of(ADD) : Set.of(ADD, LIST)));

            run.refuses(
                    run.input(),
                    "'searchAttributes': Temporal does not know RunbookState in namespace default, and setting it would"
                            + " stop the run. Have it added: temporal operator search-attribute create --namespace default"
                            + " --name RunbookState --type Keyword; or say \"searchAttributes\": false");
            run.started(run.input("searchAttributes", false, "gates", List.of("schema", "drop")));
            Eventually.holds("the run waits", RunView.PATIENCE, () -> run.view()
                    .status(run.workflow())
                    .path("state")
                    .asText()
                    .equals("waiting"));
            run.view().terminate(run.workflow());

            administrator(run, "create", "--namespace", "default", "--type", "Keyword");
            run.started(run.input("gates", List.of("schema", "drop")));
            run.approve("schema");
            run.view().await(run.workflow(), "completed");
        }
    }

    private static TemporalAddress address(DevTemporal server, Set<String> forbidden) {
        return new TemporalAddress(
                server.address(),
                server.namespace(),
                WorkflowServiceStubsOptions.newBuilder()
                        .setTarget(server.address())
                        // On the channel itself, so that it holds for the operator's calls too.
                        .setChannelInitializer(channel -> channel.intercept(new Forbids(forbidden)))
                        .build());
    }

    private static void administrator(RunFixture run, String verb, String... more) {
        List<String> line = new ArrayList<>(
                List.of("operator", "search-attribute", verb, "--name", RunbookWorker.SEARCH_ATTRIBUTE));
        line.addAll(List.of(more));
        TemporalCli.Printed printed = run.temporal().run(line);
        assertThat(printed.code()).as(printed.all()).isZero();
    }
}
