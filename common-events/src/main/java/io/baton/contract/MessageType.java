package io.baton.contract;

import java.util.Set;

/**
 * A kind of message: its name on the wire, the record that is its body, and the topics on which it may stand.
 *
 * @param name the {@link MessageHeaders#TYPE} header, as {@code payment.ChargePayment}; never a Java class name, so
 *     that classes can be renamed
 */
public record MessageType(String name, Class<? extends Record> body, Set<String> topics) {

    static MessageType of(String owner, Class<? extends Record> body, String... topics) {
        return new MessageType(owner + "." + body.getSimpleName(), body, Set.of(topics));
    }
}
