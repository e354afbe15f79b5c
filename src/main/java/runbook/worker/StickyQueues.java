package runbook.worker;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.MethodDescriptor;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest;
import java.util.function.BooleanSupplier;

/**
 * Tells the SDK's test server to forget which worker holds a run in its cache. It waits for ever for that worker where
 * a real server falls back to any other after a few seconds, so a run would not survive the end of its worker.
 */
public record StickyQueues(BooleanSupplier allowed) implements ClientInterceptor {

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void sendMessage(Q message) {
                if (message instanceof RespondWorkflowTaskCompletedRequest request && !allowed.getAsBoolean()) {
                    @SuppressWarnings("unchecked")
                    Q unstuck = (Q) request.toBuilder().clearStickyAttributes().build();
                    super.sendMessage(unstuck);
                } else {
                    super.sendMessage(message);
                }
            }
        };
    }
}
