package io.baton.orchestrator.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.orchestrator.saga.Stuck;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;

class RunbookTest {

    @ParameterizedTest
    @EnumSource
    void every_reason_for_being_stuck_has_a_page(Stuck.Code code) {
        String page = new Runbook(new WebEndpointProperties()).page(code.name());

        assertThat(page).startsWith("/actuator/sagaconsole/runbook/");
        assertThat(getClass().getResource(page.replace("/actuator/sagaconsole/", "/console/")))
                .as(page)
                .isNotNull();
    }
}
