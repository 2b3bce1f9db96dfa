package io.baton.payment.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.SagaId;
import io.baton.messaging.CommandKey;
import io.baton.messaging.Direction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LateRepliesTest {

    @ParameterizedTest
    @ValueSource(strings = {"payment", "payment/first", ""})
    void a_command_s_key_is_read_as_it_was_written(String step) {
        CommandKey key = new CommandKey(new SagaId(77), step, Direction.COMPENSATION);

        assertThat(LateReplies.key(key.toString())).isEqualTo(key);
    }
}
