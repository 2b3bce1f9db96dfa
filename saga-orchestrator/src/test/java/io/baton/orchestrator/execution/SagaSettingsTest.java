package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.contract.order.FulfilOrder;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.StepPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SagaSettingsTest {

    private static final SagaDefinition<FulfilOrder> DEFINITION = OrderFulfilment.definition();

    @Test
    void what_is_not_set_is_as_the_definition_says() {
        assertThat(settings(Map.of()).applyTo(DEFINITION)).isSameAs(DEFINITION);
    }

    @Test
    void a_step_and_the_saga_can_be_given_other_bounds() {
        SagaDefinition<FulfilOrder> changed = settings(Map.of(
                        "baton.sagas.order-fulfilment.deadline", "3m",
                        "baton.sagas.order-fulfilment.steps.payment.timeout", "2s",
                        "baton.sagas.order-fulfilment.steps.payment.attempts", "9"))
                .applyTo(DEFINITION);
        assertThat(changed.deadline()).isEqualTo(Duration.ofMinutes(3));
        assertThat(changed.commandExpiry()).isEqualTo(DEFINITION.commandExpiry());
        StepPolicy payment = changed.step("payment").orElseThrow().patience();
        assertThat(payment)
                .isEqualTo(new StepPolicy(Duration.ofSeconds(2), 9, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        assertThat(changed.step("inventory").orElseThrow().patience()).isEqualTo(StepPolicy.DEFAULT);
    }

    @Test
    void a_senseless_setting_is_refused_by_its_name() {
        refused("baton.sagas.order-fulfilment.steps.payment", "attempts", Map.of(
                "baton.sagas.order-fulfilment.steps.payment.attempts", "0"));
        refused("baton.sagas.order-fulfilment.steps.payment", "timeout", Map.of(
                "baton.sagas.order-fulfilment.steps.payment.timeout", "-1s"));
        refused("baton.sagas.order-fulfilment", "command-expiry", Map.of(
                "baton.sagas.order-fulfilment.command-expiry", "1s"));
        refused("baton.sagas.order-fulfilment.steps.pyament", "payment", Map.of(
                "baton.sagas.order-fulfilment.steps.pyament.timeout", "1s"));
    }

    @Test
    void a_setting_for_an_unknown_saga_is_refused() {
        assertThatThrownBy(() -> settings(Map.of("baton.sagas.order-fulfillment.deadline", "1m"))
                        .requireOnly(Set.of("order-fulfilment")))
                .hasMessageContaining("baton.sagas.order-fulfillment")
                .hasMessageContaining("order-fulfilment");
    }

    private static void refused(String property, String why, Map<String, String> set) {
        assertThatThrownBy(() -> settings(set).applyTo(DEFINITION))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(property)
                .hasMessageContaining(why);
    }

    private static SagaSettings settings(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("baton", SagaSettings.class);
    }
}
