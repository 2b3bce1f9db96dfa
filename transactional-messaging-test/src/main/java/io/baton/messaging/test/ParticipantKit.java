package io.baton.messaging.test;

import io.baton.contract.Contract;
import io.baton.contract.MessageHeaders;
import io.baton.contract.MessageType;
import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.Topics;
import io.baton.messaging.BatchDriver;
import io.baton.messaging.BatchDriver.Mishap;
import io.baton.messaging.CommandKey;
import io.baton.messaging.Direction;
import io.baton.messaging.OutgoingMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.beans.factory.BeanFactory;

/**
 * Plays the saga to a participant, and a bad network on top: its real handlers get commands and events twice, too late
 * and in the wrong order, through the real messaging on the real database. No broker takes part, so what comes in which
 * order is the test's decision.
 *
 * <p>What a handler answers later ({@link io.baton.messaging.Answer.Later}) leaves through the outbox and is not seen here.
 */
public final class ParticipantKit {

    private static final String NEVER = "9999-12-31T00:00:00Z";
    private static final AtomicLong SAGAS = new AtomicLong(System.nanoTime());

    private final BatchDriver driver;

    private ParticipantKit(BatchDriver driver) {
        this.driver = driver;
    }

    /** @param application the context of the participant, with its handlers and its database */
    public static ParticipantKit of(BeanFactory application) {
        return new ParticipantKit(new BatchDriver(application));
    }

    /** A saga for an order, with an id that no other saga of this JVM has. */
    public static PlayedSaga saga(OrderId order) {
        return new PlayedSaga(new SagaId(SAGAS.incrementAndGet()), order);
    }

    /** What a saga says to a participant. */
    public record PlayedSaga(SagaId id, OrderId order) {

        /** The first attempt of a step's command. */
        public OutgoingMessage action(String step, Record command) {
            return command(step, Direction.ACTION, command);
        }

        /** The first attempt of the command that undoes the step. */
        public OutgoingMessage compensation(String step, Record command) {
            return command(step, Direction.COMPENSATION, command);
        }

        private OutgoingMessage command(String step, Direction direction, Record command) {
            return new OutgoingMessage(
                    topicOf(command),
                    order.toString(),
                    new CommandKey(id, step, direction).toString(),
                    command,
                    Map.of(
                            MessageHeaders.SAGA_ID, id.toString(),
                            MessageHeaders.STEP, step,
                            MessageHeaders.DIRECTION, direction.name(),
                            MessageHeaders.ATTEMPT, "1",
                            MessageHeaders.EXPIRY_TIME, NEVER));
        }
    }

    /** An event, as its owner would publish it. */
    public static OutgoingMessage event(String key, Record event) {
        return new OutgoingMessage(topicOf(event), key, event.getClass().getSimpleName() + "/" + key, event);
    }

    /** The same command past its expiry. */
    public static OutgoingMessage expired(OutgoingMessage command) {
        return with(command, MessageHeaders.EXPIRY_TIME, "2020-01-01T00:00:00Z");
    }

    /** Delivers messages in this order, unless the delivery is told to be worse. */
    public Delivery deliver(OutgoingMessage... messages) {
        return new Delivery(List.of(messages));
    }

    /** One delivery, which is made by {@link #answers}. */
    public final class Delivery {

        private final List<OutgoingMessage> messages;
        private int batchSize = Integer.MAX_VALUE;
        private Mishap mishap = Mishap.NONE;

        private Delivery(List<OutgoingMessage> messages) {
            this.messages = new ArrayList<>(messages);
        }

        /** Everything comes {@code times} times more, after the rest, unchanged: a producer or consumer tried again. */
        public Delivery duplicated(int times) {
            List<OutgoingMessage> originals = List.copyOf(messages);
            for (int i = 0; i < times; i++) {
                messages.addAll(originals);
            }
            return this;
        }

        /** Every command comes {@code times} times more, after the rest, as a new attempt: the saga lost patience. */
        public Delivery resent(int times) {
            List<OutgoingMessage> commands = messages.stream()
                    .filter(message -> message.headers().containsKey(MessageHeaders.ATTEMPT))
                    .toList();
            for (int i = 0; i < times; i++) {
                String attempt = Integer.toString(i + 2);
                commands.forEach(command -> messages.add(with(command, MessageHeaders.ATTEMPT, attempt)));
            }
            return this;
        }

        /** Everything comes in an order that depends on {@code seed} alone: compensations before actions, too. */
        public Delivery shuffled(long seed) {
            Collections.shuffle(messages, new Random(seed));
            return this;
        }

        /** Transactions of at most so many messages; all in one without it. */
        public Delivery inBatchesOf(int size) {
            batchSize = size;
            return this;
        }

        /** In each batch, the process dies before its commit, and its successor gets the same batch. */
        public Delivery crashingBeforeCommit() {
            mishap = Mishap.DIES_BEFORE_COMMIT;
            return this;
        }

        /** In each batch, the process dies after its commit, before it has sent a reply; its successor sends them. */
        public Delivery crashingAfterCommit() {
            mishap = Mishap.DIES_AFTER_COMMIT;
            return this;
        }

        /**
         * In each batch, the process stands still until its successor has handled the batch, and then goes on with it,
         * which must come to nothing.
         */
        public Delivery standingStill() {
            mishap = Mishap.STANDS_STILL;
            return this;
        }

        /**
         * Makes the delivery.
         *
         * @throws AssertionError if a message was put aside as a dead letter
         */
        public Answers answers() {
            List<BatchDriver.Said> said = new ArrayList<>();
            for (int from = 0; from < messages.size(); from += Math.min(batchSize, messages.size())) {
                List<OutgoingMessage> batch =
                        messages.subList(from, from + Math.min(batchSize, messages.size() - from));
                said.addAll(driver.handle(batch, mishap));
            }
            return Answers.of(said);
        }
    }

    private static OutgoingMessage with(OutgoingMessage message, String header, String value) {
        Map<String, String> headers = new HashMap<>(message.headers());
        headers.put(header, value);
        return new OutgoingMessage(message.topic(), message.key(), message.id(), message.body(), headers);
    }

    /** Where a command or event stands; what is also a reply is meant as the event. */
    private static String topicOf(Record body) {
        return Contract.MESSAGES.stream()
                .filter(type -> type.body() == body.getClass())
                .map(MessageType::topics)
                .flatMap(topics -> topics.stream().filter(topic -> !topic.equals(Topics.SAGA_REPLIES)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Expected a command or an event but got " + body));
    }
}
