package io.baton.messaging;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Sends a record that was put aside once more, as it came: nobody need be able to read it. Like all that is said, it is
 * stored with the current transaction and sent after its commit, at least once.
 */
public interface Redelivery {

    /**
     * Sends the record.
     *
     * @throws IllegalStateException if no transaction is open, or a batch of a consumer is; nothing is sent
     */
    void send(String topic, byte @Nullable [] key, List<Header> headers, byte @Nullable [] value);
}
