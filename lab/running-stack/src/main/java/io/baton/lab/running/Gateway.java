package io.baton.lab.running;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The card gateway as its own operator sees it. */
public final class Gateway {

    private final RunningStack stack;
    private final String url;

    /** The stack's gateway. */
    public Gateway(RunningStack stack) {
        this.stack = stack;
        this.url = stack.url("provider-simulator");
    }

    /** What the gateway booked for an order: {@code CAPTURE} and {@code REFUND}, in its order. */
    public List<String> bookings(String order) {
        List<String> kinds = new ArrayList<>();
        for (JsonNode entry : stack.getJson(url + "/gateway/ledger").get("entries")) {
            if (entry.get("reference").asString().equals(order)) {
                kinds.add(entry.get("kind").asString());
            }
        }
        return kinds;
    }

    /** From now on every request is answered that nothing was done. */
    public void goDown() {
        faults("PUT", "{\"gateway\":{\"down\":true}}");
    }

    /** Ends whatever {@link #goDown} began. */
    public void comeBack() {
        faults("DELETE", "");
    }

    private void faults(String method, String body) {
        assertThat(stack.send(HttpRequest.newBuilder(URI.create(url + "/faults"))
                                .method(method, HttpRequest.BodyPublishers.ofString(body)))
                        .statusCode())
                .isEqualTo(200);
    }
}
