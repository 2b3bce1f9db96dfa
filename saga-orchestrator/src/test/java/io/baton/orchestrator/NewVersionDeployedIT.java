package io.baton.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.Tsid;
import io.baton.contract.inventory.ReleaseStock;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.order.FulfilOrder;
import io.baton.embedded.KafkaBroker;
import io.baton.messaging.Ids;
import io.baton.messaging.test.Database;
import io.baton.messaging.test.TestInfrastructure;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Stage;
import io.baton.orchestrator.saga.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The service is ended and started again as a program that has a newer definition too, on real servers, while sagas wait at
 * every step of the old one. What they do step by step: {@link io.baton.orchestrator.execution.NewVersionIT}.
 */
class NewVersionDeployedIT {

    private static final String STEPS = "--baton.sagas.order-fulfilment.steps.";

    private final Database database = TestInfrastructure.newDatabase("versions");
    private final Ids ids = new Ids(11);

    /** Of its own: on a shared one, a service of another test with another database would read the same topics. */
    private final KafkaBroker broker = KafkaBroker.startTemporary();

    @AfterEach
    void close() {
        broker.close();
    }

    /** What is deployed beside the old definition. No configuration by itself, or every test would find it. */
    static class Newer {

        @Bean
        SagaDefinition<FulfilOrder> orderFulfilmentWithScreening() {
            SagaDefinition<FulfilOrder> old = OrderFulfilment.definition();
            List<Stage<FulfilOrder>> stages = new ArrayList<>(old.stages());
            stages.add(
                    2,
                    Step.compensable("screening", ReserveStock.class, (FulfilOrder order) ->
                                    new ReserveStock(order.orderId(), order.lines()))
                            .reaches("SCREENED")
                            .compensation(ReleaseStock.class, (order, why) -> new ReleaseStock(order.orderId())));
            return new SagaDefinition<>(
                    old.name(), 2, old.dataType(), old.businessKey(), stages, old.deadline(), old.commandExpiry());
        }
    }

    @Test
    void every_saga_ends_by_the_version_with_which_it_began() {
        Map<String, String> waiting = new LinkedHashMap<>();
        try (ConfigurableApplicationContext old = start(SagaOrchestratorApplication.class);
                PlayedParticipants participants = new PlayedParticipants(broker.bootstrapServers())) {
            for (String step : List.of("payment", "inventory", "delivery", "completion")) {
                String order = nextOrder();
                participants.keepSilentOnce(order, step);
                participants.request(order);
                waiting.put(order, "COMPLETED");
            }
            for (String step : List.of("inventory", "payment", "order")) {
                String order = nextOrder();
                participants.refuse(order, "delivery");
                participants.keepSilentOnceWhenUndoing(order, step);
                participants.request(order);
                waiting.put(order, "COMPENSATED");
            }
            JdbcTemplate jdbc = old.getBean(JdbcTemplate.class);
            await().atMost(Duration.ofSeconds(9))
                    .untilAsserted(() -> assertThat(waiting.keySet().stream().map(order -> state(jdbc, order)))
                            .containsExactly("STARTED", "PAYMENT_COMPLETED", "INVENTORY_RESERVED",
                                    "DELIVERY_SCHEDULED", "COMPENSATING", "COMPENSATING", "COMPENSATING"));
        }

        // The newer program is less patient, so that it sends again at once what nobody answered.
        try (ConfigurableApplicationContext newer = start(
                        new Class<?>[] {SagaOrchestratorApplication.class, Newer.class},
                        STEPS + "payment.timeout=1s",
                        STEPS + "inventory.timeout=1s",
                        STEPS + "delivery.timeout=1s",
                        STEPS + "completion.timeout=1s",
                        STEPS + "order.timeout=1s");
                PlayedParticipants participants = new PlayedParticipants(broker.bootstrapServers())) {
            JdbcTemplate jdbc = newer.getBean(JdbcTemplate.class);
            String young = nextOrder();
            participants.request(young);

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(waiting.keySet().stream().map(order -> state(jdbc, order)))
                            .containsExactlyElementsOf(waiting.values()));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(state(jdbc, young)).isEqualTo("COMPLETED"));
            waiting.keySet().forEach(order -> {
                assertThat(version(jdbc, order)).isEqualTo(1);
                assertThat(steps(jdbc, order)).doesNotContain("screening");
            });
            assertThat(version(jdbc, young)).isEqualTo(2);
            assertThat(steps(jdbc, young))
                    .containsExactly("payment", "screening", "inventory", "delivery", "completion");
        }
    }

    private ConfigurableApplicationContext start(Class<?> program) {
        return start(new Class<?>[] {program});
    }

    private ConfigurableApplicationContext start(Class<?>[] program, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.addAll(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + database.user(),
                "--spring.datasource.password=" + database.password(),
                "--spring.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "--baton.operator.user=operator",
                "--baton.operator.password=operator-password-of-tests"));
        return new SpringApplicationBuilder(program).run(arguments.toArray(String[]::new));
    }

    private String nextOrder() {
        return ids.nextOrderId(Instant.parse("2026-01-01T00:00:00Z")).toString();
    }

    private static String state(JdbcTemplate jdbc, String order) {
        return one(jdbc, "SELECT s.state FROM saga s JOIN saga_data d ON d.id = s.id WHERE d.business_key = ?", order);
    }

    private static int version(JdbcTemplate jdbc, String order) {
        return Integer.parseInt(one(jdbc, "SELECT definition_version FROM saga_data WHERE business_key = ?", order));
    }

    private static String one(JdbcTemplate jdbc, String query, String order) {
        List<String> found = jdbc.queryForList(query, String.class, Tsid.parse(order));
        return found.isEmpty() ? "" : found.getFirst();
    }

    /** The steps whose action was done, in their order. */
    private static List<String> steps(JdbcTemplate jdbc, String order) {
        return jdbc.queryForList(
                "SELECT l.step FROM saga_log l JOIN saga_data d ON d.id = l.saga_id WHERE d.business_key = ? "
                        + "AND l.outcome = 'DONE' AND l.direction = 'ACTION' ORDER BY l.seq",
                String.class,
                Tsid.parse(order));
    }
}
