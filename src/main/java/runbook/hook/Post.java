package runbook.hook;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A POST. It agrees by a status of 2xx. No redirect is followed: the notice, and the signature over it, are for one
 * address. No record, so that neither the address nor the secret is printed by accident.
 */
final class Post implements Way {

    /** The header with the signature of the body; only there when the hook has a secret. */
    static final String SIGNATURE = "Runbook-Signature";

    private static final Logger LOG = LoggerFactory.getLogger(Post.class);

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private final URI address;
    private final @Nullable Signature signature;

    Post(URI address, @Nullable Signature signature) {
        this.address = address;
        this.signature = signature;
    }

    @Override
    public String tell(byte[] body, Duration limit) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header("User-Agent", "runbook")
                .POST(BodyPublishers.ofByteArray(body));
        if (signature != null) {
            request.header(SIGNATURE, signature.of(body));
        }
        CompletableFuture<HttpResponse<Void>> answer =
                CLIENT.sendAsync(request.build(), head -> BodySubscribers.replacing(null));
        try {
            int status = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            return status / 100 == 2 ? "" : "status " + status + ".";
        } catch (TimeoutException e) {
            return "no answer within " + limit + ".";
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            // Its message may name the address.
            LOG.debug("a hook was not reached", cause);
            return "it was not reached (" + cause.getClass().getSimpleName() + ").";
        } finally {
            answer.cancel(true);
        }
    }
}
