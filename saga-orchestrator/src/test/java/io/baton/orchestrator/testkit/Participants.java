package io.baton.orchestrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.MessageHeaders;
import io.baton.contract.MessageType;
import io.baton.contract.OrderId;
import io.baton.contract.Outcome;
import io.baton.contract.delivery.DeliveryRefused;
import io.baton.contract.order.OrderCompleted;
import io.baton.messaging.Answer;
import io.baton.messaging.BatchDriver;
import io.baton.messaging.BatchDriver.Mishap;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;
import io.baton.messaging.OutgoingMessage;
import io.baton.messaging.test.Database;
import io.baton.messaging.test.TestInfrastructure;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * All participants of a definition as one service: handlers that note their effect, behind the real messaging on a real
 * database. No broker is asked; messages are put in and taken out by hand.
 */
final class Participants implements AutoCloseable {

    private static final Outcome YES = new OrderCompleted(new OrderId(1));
    private static final DeliveryRefused NO = new DeliveryRefused(new OrderId(1), "MATRIX", "No.");

    private final ConfigurableApplicationContext application;
    private final BatchDriver driver;
    private final JdbcTemplate jdbc;
    private final Map<Class<?>, Outcome> answers;
    private BiFunction<String, Direction, Behaviour> behaviour = (step, direction) -> Behaviour.WORKS;

    enum Behaviour {
        WORKS,
        REFUSES,
        FAILS
    }

    /** One effect that a command had. */
    record Effect(String step, Direction direction) {}

    /** @param answers by command, where it matters what is answered */
    Participants(SagaDefinition<?> definition, Map<Class<?>, Outcome> answers, Collection<MessageType> further) {
        this.answers = answers;
        Database database = TestInfrastructure.newDatabase("participants");
        application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .lazyInitialization(true)
                .registerShutdownHook(false)
                .initializers(context -> {
                    ConfigurableListableBeanFactory beans = context.getBeanFactory();
                    handlers(definition).forEach(handler ->
                            beans.registerSingleton(handler.commandType().getName(), handler));
                    further.forEach(type -> beans.registerSingleton(type.name(), type));
                    // Nothing is read from topics or relayed to them.
                    context.addBeanFactoryPostProcessor(factory ->
                            ((BeanDefinitionRegistry) factory).removeBeanDefinition("messagingLifecycle"));
                })
                .run(
                        "--spring.application.name=participants",
                        "--spring.datasource.url=" + database.jdbcUrl(),
                        "--spring.datasource.username=" + database.user(),
                        "--spring.datasource.password=" + database.password(),
                        "--spring.datasource.hikari.data-source-properties.options=-c synchronous_commit=off",
                        "--spring.main.banner-mode=off");
        jdbc = application.getBean(JdbcTemplate.class);
        jdbc.execute("CREATE TABLE effect (id bigserial PRIMARY KEY, saga_id bigint, step text, direction text)");
        jdbc.execute("CREATE INDEX ON effect (saga_id)");
        driver = new BatchDriver(application);
    }

    void behave(BiFunction<String, Direction, Behaviour> how) {
        behaviour = how;
    }

    /** What is said because of the commands, which come as one batch. */
    List<BatchDriver.Said> handle(List<OutgoingMessage> commands, Mishap mishap) {
        List<BatchDriver.Said> said = driver.handle(commands, mishap);
        assertThat(deadLetters(said)).as("dead letters").isEmpty();
        return said;
    }

    /** What is said because of a command that cannot be read. */
    List<BatchDriver.Said> handleDamaged(OutgoingMessage command, Mishap mishap) {
        List<BatchDriver.Said> said = driver.handleDamaged(command, mishap);
        assertThat(deadLetters(said)).as("dead letters of a damaged command").hasSize(1);
        return said;
    }

    private static List<BatchDriver.Said> deadLetters(List<BatchDriver.Said> said) {
        return said.stream()
                .filter(message -> message.headers().containsKey(MessageHeaders.DLT_TOPIC))
                .toList();
    }

    /** What a saga's commands did, in its order. */
    List<Effect> effects(long sagaId) {
        return jdbc.query(
                "SELECT step, direction FROM effect WHERE saga_id = ? ORDER BY id",
                (row, number) -> new Effect(row.getString(1), Direction.valueOf(row.getString(2))),
                sagaId);
    }

    @Override
    public void close() {
        application.close();
    }

    private List<CommandHandler<?>> handlers(SagaDefinition<?> definition) {
        Map<Class<? extends Record>, Boolean> commands = new HashMap<>();
        for (Step<?> step : definition.steps()) {
            if (step.action() != null) {
                commands.putIfAbsent(step.action().command(), false);
            }
            if (step.compensation() != null) {
                commands.merge(step.compensation().command(), step.isGiven(), Boolean::logicalOr);
            }
        }
        List<CommandHandler<?>> handlers = new ArrayList<>();
        commands.forEach((command, given) -> handlers.add(new Handler<>(command, given)));
        return handlers;
    }

    /** Notes what it did. */
    private final class Handler<C extends Record> implements CommandHandler<C> {

        private final Class<C> command;
        private final boolean given;

        Handler(Class<C> command, boolean given) {
            this.command = command;
            this.given = given;
        }

        @Override
        public Class<C> commandType() {
            return command;
        }

        @Override
        public boolean isActionGiven() {
            return given;
        }

        @Override
        public Answer handle(C body, CommandContext context) {
            String step = context.key().step();
            Direction direction = Direction.valueOf(context.key().direction().name());
            return switch (behaviour.apply(step, direction)) {
                case REFUSES -> Answer.refused(NO);
                case FAILS -> Answer.failed("DOWN", "Not now.", Duration.ZERO);
                case WORKS -> {
                    jdbc.update(
                            "INSERT INTO effect (saga_id, step, direction) VALUES (?, ?, ?)",
                            context.key().sagaId().value(),
                            step,
                            direction.name());
                    yield Answer.done(answers.getOrDefault(command, YES));
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
