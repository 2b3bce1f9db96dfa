package io.baton.messaging;

import io.baton.contract.MessageHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a batch has to say, kept by the partition whose record caused it, so that each partition's next owner can repeat
 * its share.
 */
final class CollectedOutput implements BatchOutput {

    private static final ThreadLocal<@Nullable CollectedOutput> CURRENT = new ThreadLocal<>();

    private final MessageCodec codec;
    private final MessageTraces traces;
    private final Map<TopicPartition, List<EncodedMessage>> byPartition = new HashMap<>();
    private final Map<String, ConsumerRecord<byte[], byte[]>> records = new HashMap<>();
    private final Set<String> parked = new HashSet<>();
    private @Nullable IncomingMessage handled;

    CollectedOutput(MessageCodec codec, MessageTraces traces) {
        this.codec = codec;
        this.traces = traces;
    }

    /** The output of the batch that this thread is in the middle of, if it is. */
    static @Nullable CollectedOutput current() {
        return CURRENT.get();
    }

    static void bind(CollectedOutput output) {
        CURRENT.set(output);
    }

    static void unbind() {
        CURRENT.remove();
    }

    /** From now on, what is said through the {@link Outbox} was caused by {@code message}. */
    void handling(@Nullable IncomingMessage message) {
        this.handled = message;
    }

    /** Remembers the record of a message, in case it is parked. */
    void know(IncomingMessage message, ConsumerRecord<byte[], byte[]> record) {
        records.put(message.position(), record);
    }

    /** Says messages on behalf of the handler that is running. */
    void sendFromHandler(List<OutgoingMessage> messages) {
        IncomingMessage cause = handled;
        if (cause == null) {
            throw new IllegalStateException("Expected the outbox to be used by a command or event handler, but a batch "
                    + "handler is running; it says its messages to its BatchOutput");
        }
        messages.forEach(message -> send(cause, message));
    }

    @Override
    public void send(IncomingMessage cause, OutgoingMessage message) {
        add(cause, codec.encode(message, traces.parentFor(cause)));
    }

    @Override
    public void send(ParkedRecord cause, OutgoingMessage message) {
        add(cause, codec.encode(message, cause.headers().get(MessageHeaders.TRACE_PARENT)));
    }

    void add(ParkedRecord cause, EncodedMessage message) {
        add(new TopicPartition(cause.topic(), cause.partition()), message);
    }

    @Nullable String traceParentFor(IncomingMessage cause) {
        return traces.parentFor(cause);
    }

    void add(IncomingMessage cause, EncodedMessage message) {
        add(new TopicPartition(cause.topic(), cause.partition()), message);
    }

    private void add(TopicPartition partition, EncodedMessage message) {
        byPartition.computeIfAbsent(partition, p -> new ArrayList<>()).add(message);
    }

    @Override
    public void park(IncomingMessage message, String reason) {
        ConsumerRecord<byte[], byte[]> record = records.get(message.position());
        if (record == null) {
            throw new IllegalArgumentException("Expected a message of this batch but got " + message.position());
        }
        park(record, MalformedMessageException.class.getName(), reason);
    }

    void park(ConsumerRecord<byte[], byte[]> record, String exceptionClass, String reason) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (parked.add(partition + "@" + record.offset())) {
            add(partition, MessageCodec.deadLetter(record, exceptionClass, reason));
        }
    }

    int parkedCount() {
        return parked.size();
    }

    /** The partition's share, as it is stored; null if there is none. */
    byte @Nullable [] packed(TopicPartition partition) {
        List<EncodedMessage> messages = byPartition.get(partition);
        return messages == null ? null : EncodedMessage.pack(messages);
    }

    /** Everything, in an order that keeps each partition's. */
    List<EncodedMessage> all() {
        List<EncodedMessage> all = new ArrayList<>();
        byPartition.values().forEach(all::addAll);
        return all;
    }
}
