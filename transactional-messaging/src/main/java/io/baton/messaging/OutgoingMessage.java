package io.baton.messaging;

import java.util.Map;

/**
 * A message to be sent once the transaction in which it is said has committed.
 *
 * @param key the order id as text (the SKU for a product's event): messages with one key stay in order
 * @param id the same for every copy of this message
 * @param body a record that {@link io.baton.contract.Contract} knows and allows on {@code topic}
 * @param headers further headers, none of which the messaging itself sets (id, type, source, subject, time); a trace
 *     parent among them wins over that of the moment
 */
public record OutgoingMessage(String topic, String key, String id, Record body, Map<String, String> headers) {

    public OutgoingMessage(String topic, String key, String id, Record body) {
        this(topic, key, id, body, Map.of());
    }
}
