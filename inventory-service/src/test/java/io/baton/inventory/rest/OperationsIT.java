package io.baton.inventory.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.inventory.InventoryTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What those who run the service rely on. */
@InventoryTest
class OperationsIT {

    @LocalServerPort
    int port;

    @LocalManagementPort
    int managementPort;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    KeyRetention retention;

    @ParameterizedTest
    @ValueSource(strings = {"/readyz", "/livez"})
    void the_main_port_says_whether_the_service_is_ready(String path) {
        assertThat(new Requests(port).get(path).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/info", "/actuator/prometheus"})
    void the_management_port_shows_health_and_metrics_to_everybody(String path) {
        assertThat(new Requests(managementPort).get(path).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/env", "/actuator/heapdump", "/actuator/beans", "/actuator/shutdown"})
    void it_shows_nothing_else_even_to_the_operator(String path) {
        assertThat(new Requests(managementPort).get(path).status()).isIn(401, 403, 404);
        assertThat(new Requests(managementPort).operator("GET", path, "").status()).isEqualTo(404);
    }

    @Test
    void idempotency_keys_are_forgotten_after_two_days_and_not_before() {
        remember("old", KeyRetention.AGE.plusMinutes(1));
        remember("young", KeyRetention.AGE.minusMinutes(1));

        retention.forget();

        assertThat(jdbc.sql("select key from idempotency_key where scope = 'retention'")
                        .query(String.class)
                        .list())
                .containsExactly("young");
    }

    @Test
    void the_database_ends_a_transaction_in_which_this_process_stands_still() {
        assertThat(jdbc.sql("show idle_in_transaction_session_timeout").query(String.class).single())
                .isEqualTo("45s");
    }

    private void remember(String key, Duration age) {
        jdbc.sql("insert into idempotency_key (scope, key, body_hash, created_at)"
                        + " values ('retention', ?, '', now() - make_interval(secs => ?))")
                .param(key)
                .param(age.toSeconds())
                .update();
    }
}
