package io.baton.lab.check;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the card gateway booked: the truth about cards, because it is not ours. */
record GatewayLedger(List<Entry> entries) {

    /**
     * One movement of money.
     *
     * @param chargeKey for a refund, the idempotency key of what it gives back
     * @param reference the order id
     */
    record Entry(
            String kind, String idempotencyKey, String chargeKey, String reference, long amountMinor, String currency) {

        boolean isCapture() {
            return kind.equals("CAPTURE");
        }
    }

    /**
     * Asks the simulator; an empty ledger if there is none.
     *
     * @throws IOException if it does not answer
     */
    static GatewayLedger read(@Nullable URI simulator) throws IOException, InterruptedException {
        if (simulator == null) {
            return new GatewayLedger(List.of());
        }
        HttpRequest request = HttpRequest.newBuilder(simulator.resolve("/gateway/ledger"))
                .timeout(Duration.ofSeconds(60))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("Expected the gateway's ledger but got " + answer.statusCode());
            }
            List<Entry> entries = new ArrayList<>();
            for (JsonNode entry : JsonMapper.shared().readTree(answer.body()).path("entries")) {
                entries.add(new Entry(
                        entry.path("kind").asString(),
                        entry.path("idempotencyKey").asString(),
                        entry.path("chargeKey").asString(),
                        entry.path("reference").asString(),
                        entry.path("amountMinor").asLong(),
                        entry.path("currency").asString()));
            }
            return new GatewayLedger(List.copyOf(entries));
        }
    }
}
