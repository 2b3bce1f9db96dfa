package io.baton.lab.load;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An order as the order service shows it. */
record OrderView(String orderId, String status, int version) {

    static OrderView parse(byte[] json) {
        JsonNode order = JsonMapper.shared().readTree(json);
        return new OrderView(
                order.path("orderId").asString(""),
                order.path("status").asString(""),
                order.path("version").asInt(-1));
    }

    boolean ended() {
        return completed() || status.equals("CANCELLED");
    }

    boolean completed() {
        return status.equals("COMPLETED");
    }
}
