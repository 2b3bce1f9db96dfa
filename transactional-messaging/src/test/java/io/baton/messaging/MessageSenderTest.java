package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class MessageSenderTest {

    private static final EncodedMessage MESSAGE = new EncodedMessage("topic", new byte[1], List.of(), new byte[1]);

    @Test
    void messages_are_sent_in_their_order() {
        MockProducer<byte[], byte[]> producer = producer();
        List<EncodedMessage> messages = List.of(
                new EncodedMessage("a", new byte[] {1}, List.of(), null),
                new EncodedMessage("b", new byte[] {2}, List.of(), new byte[] {3}));

        new MessageSender(() -> producer, CrashPoints.NONE).send(messages);

        assertThat(producer.history()).extracting(ProducerRecord::topic).containsExactly("a", "b");
        assertThat(producer.flushed()).isTrue();
    }

    @Test
    void one_message_that_is_not_acknowledged_fails_them_all() {
        MockProducer<byte[], byte[]> producer = new MockProducer<>(false, null, serializer(), serializer()) {
            @Override
            public synchronized void flush() {
                completeNext();
                errorNext(new TimeoutException("no broker"));
                super.flush();
            }
        };
        MessageSender sender = new MessageSender(() -> producer, CrashPoints.NONE);

        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() -> sender.send(List.of(MESSAGE, MESSAGE, MESSAGE)))
                .withRootCauseInstanceOf(TimeoutException.class);
    }

    /** A producer that does not know the topic yet blocks for seconds in each send while the broker is away. */
    @Test
    void after_the_first_message_that_cannot_be_sent_no_time_is_spent_on_the_others() {
        int[] tried = {0};
        MockProducer<byte[], byte[]> producer = new MockProducer<>(true, null, serializer(), serializer()) {
            @Override
            public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
                tried[0]++;
                callback.onCompletion(null, new TimeoutException("Topic not present in metadata after 10000 ms"));
                return CompletableFuture.failedFuture(new TimeoutException());
            }
        };
        MessageSender sender = new MessageSender(() -> producer, CrashPoints.NONE);

        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() -> sender.send(List.of(MESSAGE, MESSAGE, MESSAGE)));

        assertThat(tried[0]).isEqualTo(1);
    }

    private static MockProducer<byte[], byte[]> producer() {
        return new MockProducer<>(true, null, serializer(), serializer());
    }

    private static ByteArraySerializer serializer() {
        return new ByteArraySerializer();
    }
}
