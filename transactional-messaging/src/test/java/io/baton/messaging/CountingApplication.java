package io.baton.messaging;

import io.baton.contract.MessageType;
import io.baton.contract.OrderId;
import io.baton.messaging.Counting.Count;
import io.baton.messaging.Counting.Counted;
import io.baton.messaging.Counting.Noted;
import io.baton.messaging.Counting.Uncount;
import io.baton.messaging.Counting.Uncounted;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A participant that counts what it does, for tests that run it as a process, hurt it, and count afterwards. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class CountingApplication {

    private static final String ONCE_MORE =
            "INSERT INTO effect VALUES (?, ?, 1) ON CONFLICT (saga_id, direction) DO UPDATE SET n = effect.n + 1";

    public static void main(String[] arguments) {
        SpringApplication.run(CountingApplication.class, arguments);
    }

    /** The types need a bean each, so that the messaging finds them beside the contract's. */
    private static MessageType type(String topic, int index) {
        return Counting.types(topic + ".commands", topic + ".events").get(index);
    }

    @Bean
    MessageType countType(@Value("${counting.topic}") String topic) {
        return type(topic, 0);
    }

    @Bean
    MessageType uncountType(@Value("${counting.topic}") String topic) {
        return type(topic, 1);
    }

    @Bean
    MessageType countedType(@Value("${counting.topic}") String topic) {
        return type(topic, 2);
    }

    @Bean
    MessageType uncountedType(@Value("${counting.topic}") String topic) {
        return type(topic, 3);
    }

    @Bean
    MessageType countRefusedType(@Value("${counting.topic}") String topic) {
        return type(topic, 4);
    }

    @Bean
    MessageType notedType(@Value("${counting.topic}") String topic) {
        return type(topic, 5);
    }

    @Bean
    CommandHandler<Count> counting(JdbcTemplate jdbc, Outbox outbox, @Value("${counting.topic}") String topic) {
        return new CommandHandler<>() {
            @Override
            public Class<Count> commandType() {
                return Count.class;
            }

            @Override
            public Answer handle(Count count, CommandContext context) {
                jdbc.update(ONCE_MORE, context.key().sagaId().value(), "ACTION");
                // Below zero the statement fails, above 1,000 the commit does.
                if (count.number() < 0 || count.number() > 1_000) {
                    jdbc.update("INSERT INTO bounded VALUES (?)", count.number());
                }
                outbox.send(new OutgoingMessage(
                        topic + ".events",
                        count.orderId().toString(),
                        context.key() + "/noted",
                        new Noted(count.orderId(), count.number())));
                return Answer.done(new Counted(count.orderId(), count.number()));
            }
        };
    }

    @Bean
    CommandHandler<Uncount> uncounting(JdbcTemplate jdbc) {
        return new CommandHandler<>() {
            @Override
            public Class<Uncount> commandType() {
                return Uncount.class;
            }

            @Override
            public Answer handle(Uncount uncount, CommandContext context) {
                jdbc.update(ONCE_MORE, context.key().sagaId().value(), "COMPENSATION");
                return Answer.done(new Uncounted(uncount.orderId()));
            }
        };
    }

    @Bean
    @ConditionalOnProperty("counting.listens")
    EventHandler<Noted> hearing(JdbcTemplate jdbc) {
        return new EventHandler<>() {
            @Override
            public Class<Noted> eventType() {
                return Noted.class;
            }

            @Override
            public void handle(Noted noted) {
                jdbc.update(
                        "INSERT INTO heard VALUES (?, 1) ON CONFLICT (saga_id) DO UPDATE SET n = heard.n + 1",
                        noted.orderId().value());
            }
        };
    }

    @Bean
    @ConditionalOnProperty("counting.fault.point")
    CrashPoints fault(
            @Value("${counting.fault.point}") String point,
            @Value("${counting.fault.hit}") int hit,
            @Value("${counting.fault.kind}") Fault.Kind kind) {
        return new Fault(point, hit, kind);
    }

    /** Says something outside of a batch and dies between the commit and the sending. */
    @Bean
    @ConditionalOnProperty("counting.last-words")
    ApplicationRunner lastWords(
            Outbox outbox,
            TransactionTemplate transactions,
            @Value("${counting.topic}") String topic,
            @Value("${counting.last-words}") long saga) {
        return arguments -> transactions.executeWithoutResult(status -> {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    Runtime.getRuntime().halt(Fault.HALTED);
                }
            });
            OrderId order = new OrderId(saga);
            outbox.send(new OutgoingMessage(
                    topic + ".events", order.toString(), order + "/last-words", new Noted(order, 1)));
        });
    }
}
