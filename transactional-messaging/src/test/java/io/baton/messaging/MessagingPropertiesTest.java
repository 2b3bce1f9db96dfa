package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class MessagingPropertiesTest {

    @Test
    void everything_has_a_default() {
        MessagingProperties defaults = bind(Map.of());

        assertThat(defaults.partitions()).isEqualTo(6);
        assertThat(defaults.transactionIdleMax()).isPositive();
        assertThat(defaults.outcomeRetention()).isEqualTo(Duration.ofDays(30));
    }

    @ParameterizedTest
    @CsvSource({
        "partitions, 0",
        "replication, 0",
        "batch-records-max, 0",
        "batch-records-max, 10001",
        "fetch-wait-max, 0s",
        "session-timeout, -1s",
        "transaction-idle-max, 0s",
        "retry-delay-max, 0s",
        "outbox-age-min, 0s",
        "outcome-retention, 7d"
    })
    void a_value_that_cannot_work_is_named(String name, String value) {
        assertThatThrownBy(() -> bind(Map.of("baton.messaging." + name, value)))
                .rootCause()
                .hasMessageContaining("baton.messaging." + name);
    }

    private static MessagingProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("baton.messaging", MessagingProperties.class);
    }
}
