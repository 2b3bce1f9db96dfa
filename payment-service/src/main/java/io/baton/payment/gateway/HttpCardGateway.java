package io.baton.payment.gateway;

import io.baton.contract.Money;
import io.baton.payment.GatewayAnswer;
import io.baton.payment.GatewayAnswer.Booked;
import io.baton.payment.GatewayAnswer.Declined;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The gateway's HTTP interface, one try of one call at a time. It follows no redirect, reads no more than {@value
 * #MAX_ANSWER_BYTES} bytes, and believes only what is exactly what it asked for.
 */
final class HttpCardGateway implements AutoCloseable {

    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    /** A backstop: whoever calls gives up earlier, and interrupts. */
    private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

    private final HttpClient http;
    private final URI url;

    /** The gateway adds fields as it likes. */
    private final JsonMapper mapper = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private record Charge(String cardToken, long amountMinor, String currency, String reference) {}

    private record Refund(String charge) {}

    private record Entry(
            @Nullable String id,
            @Nullable String kind,
            @Nullable String idempotencyKey,
            @Nullable Long amountMinor,
            @Nullable String currency) {}

    private record Refusal(@Nullable Reason error) {}

    private record Reason(@Nullable String code) {}

    /** @param url http or https, with a host */
    HttpCardGateway(URI url, Duration connectTimeout) {
        this.url = url;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /**
     * Asks for a capture.
     *
     * @throws IOException if there is no answer
     * @throws GatewayFailedException if the answer is that the gateway is in trouble
     * @throws GatewayNonsenseException if the answer makes no sense
     */
    GatewayAnswer capture(String key, String cardToken, Money amount, String reference)
            throws IOException, InterruptedException, GatewayFailedException {
        HttpResponse<byte[]> answer = post(
                "/gateway/charges", key, new Charge(cardToken, amount.minorUnits(), amount.currency(), reference));
        return switch (answer.statusCode()) {
            case 200, 201 -> booked(answer.body(), "CAPTURE", key);
            case 402 -> declined(answer.body());
            default -> throw neither(answer.statusCode());
        };
    }

    /** Asks for a refund; throws like {@link #capture}. */
    GatewayAnswer refund(String key, String captureKey)
            throws IOException, InterruptedException, GatewayFailedException {
        HttpResponse<byte[]> answer = post("/gateway/refunds", key, new Refund(captureKey));
        return switch (answer.statusCode()) {
            case 200, 201 -> booked(answer.body(), "REFUND", key);
            default -> throw neither(answer.statusCode());
        };
    }

    private HttpResponse<byte[]> post(String path, String key, Object body) throws IOException, InterruptedException {
        String base = url.toString();
        URI target = URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
        HttpRequest request = HttpRequest.newBuilder(target)
                .timeout(LONGEST_CALL)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofByteArray(mapper.writeValueAsBytes(body)))
                .build();
        return http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
    }

    private Booked booked(byte[] body, String kind, String key) {
        Entry entry = read(body, Entry.class);
        if (entry.id() == null
                || entry.amountMinor() == null
                || entry.currency() == null
                || !entry.currency().matches("[A-Z]{3}")
                || !kind.equals(entry.kind())
                || !key.equals(entry.idempotencyKey())) {
            throw new GatewayNonsenseException("The gateway answered with an entry that is not a " + kind
                    + " with an amount, or is not the one it was asked for");
        }
        return new Booked(entry.id(), new Money(entry.amountMinor(), entry.currency()));
    }

    /** Final, so a 402 of some proxy in between must not be taken for it. */
    private Declined declined(byte[] body) {
        Reason reason = read(body, Refusal.class).error();
        if (reason == null || reason.code() == null) {
            throw new GatewayNonsenseException("The gateway answered 402 without a reason");
        }
        return new Declined();
    }

    private static RuntimeException neither(int status) throws GatewayFailedException {
        if (status >= 500 || status == 408 || status == 429) {
            throw new GatewayFailedException(status);
        }
        return new GatewayNonsenseException("The gateway answered " + status);
    }

    private <T> T read(byte[] body, Class<T> type) {
        try {
            T value = mapper.readValue(body, type);
            if (value != null) {
                return value;
            }
        } catch (JacksonException e) {
            throw new GatewayNonsenseException("The gateway's answer is not the JSON that was expected", e);
        }
        throw new GatewayNonsenseException("The gateway's answer is null");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
