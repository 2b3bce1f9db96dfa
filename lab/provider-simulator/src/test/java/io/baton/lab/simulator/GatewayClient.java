package io.baton.lab.simulator;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Talks to a simulator as a merchant does, but gives up after half a second. */
final class GatewayClient implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI url;

    GatewayClient(ProviderSimulator simulator) {
        this.url = simulator.url();
    }

    HttpResponse<String> charge(String key, String token, long amountMinor) throws Exception {
        return send("POST", "/gateway/charges", key, """
                {"cardToken":"%s","amountMinor":%d,"currency":"EUR","reference":"order-1"}"""
                .formatted(token, amountMinor));
    }

    HttpResponse<String> refund(String key, String charge) throws Exception {
        return send("POST", "/gateway/refunds", key, """
                {"charge":"%s"}""".formatted(charge));
    }

    HttpResponse<String> probe(String key) throws Exception {
        return send("GET", "/gateway/charges/" + URLEncoder.encode(key, StandardCharsets.UTF_8), null, null);
    }

    HttpResponse<String> faults(String gateway) throws Exception {
        return send("PUT", "/faults", null, "{\"gateway\":" + gateway + "}");
    }

    /** @throws java.net.http.HttpTimeoutException if no answer comes in time */
    HttpResponse<String> send(String method, String path, String key, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(Duration.ofMillis(500))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
