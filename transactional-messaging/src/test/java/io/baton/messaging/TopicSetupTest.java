package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class TopicSetupTest {

    private final List<Admin> connections = new ArrayList<>();

    @Test
    void a_broker_that_stays_away_is_looked_for_by_a_new_connection_now_and_then() {
        TopicSetup topics = new TopicSetup(this::connect, Set.of("topic"), 1, (short) 1);

        for (int i = 0; i < 2 * TopicSetup.FAILURES_MAX; i++) {
            assertThatExceptionOfType(KafkaException.class).isThrownBy(() -> topics.ids(Set.of("topic")));
        }

        assertThat(connections).as("the first is made at the start").hasSize(2);
    }

    private Admin connect() {
        KafkaFutureImpl<Map<String, TopicDescription>> away = new KafkaFutureImpl<>();
        away.completeExceptionally(new TimeoutException("no broker"));
        DescribeTopicsResult result = mock(DescribeTopicsResult.class);
        when(result.allTopicNames()).thenReturn(away);
        Admin admin = mock(Admin.class);
        when(admin.describeTopics(anyCollection())).thenReturn(result);
        connections.add(admin);
        return admin;
    }
}
