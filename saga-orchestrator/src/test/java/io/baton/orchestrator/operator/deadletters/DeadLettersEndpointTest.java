package io.baton.orchestrator.operator.deadletters;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.http.ProblemException;
import io.baton.orchestrator.operator.WriteAccess;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.Access;

class DeadLettersEndpointTest {

    @Test
    void nothing_is_sent_again_where_sagas_are_only_shown() {
        DeadLettersEndpoint letters =
                new DeadLettersEndpoint(null, null, new WriteAccess((endpoint, otherwise) -> Access.READ_ONLY));
        assertThatThrownBy(() -> letters.act(null, "payment.commands-dlt-0-1", "redrive", "It is mended.", null))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("only shows sagas");
    }
}
