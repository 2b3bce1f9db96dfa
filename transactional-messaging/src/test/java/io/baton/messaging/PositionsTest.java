package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.baton.embedded.PostgresServer.Database;
import io.baton.messaging.Positions.Advance;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PositionsTest {

    private static final TopicPartition PARTITION = new TopicPartition("topic", 3);

    private static Database database;
    private BatchHarness harness;
    private Positions positions;

    @BeforeAll
    static void create() {
        database = Servers.newDatabase();
    }

    @BeforeEach
    void start() {
        harness = new BatchHarness(database);
        positions = harness.positions;
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void a_partition_that_was_never_read_gets_a_row_that_says_so() {
        assertThat(load()).usingRecursiveComparison().isEqualTo(new Positions.Stored(-1, "id", null));
        assertThat(load().nextOffset()).isEqualTo(Positions.NEVER_READ);
    }

    @Test
    void a_row_that_exists_keeps_what_it_says() {
        load();
        advance(7, new byte[] {1, 2});

        assertThat(load().nextOffset()).isEqualTo(7);
        assertThat(load().output()).containsExactly(1, 2);
    }

    @Test
    void a_row_that_does_not_exist_cannot_be_advanced() {
        assertThatIllegalStateException().isThrownBy(() -> advance(7, null)).withMessageContaining("rolled back");
    }

    @Test
    void output_is_cleared_only_where_nobody_has_gone_on() {
        load();
        advance(7, new byte[] {1});

        harness.transactions.executeWithoutResult(status -> positions.clearOutput(Map.of(PARTITION, 6L)));
        assertThat(load().output()).containsExactly(1);
        harness.transactions.executeWithoutResult(status -> positions.clearOutput(Map.of(PARTITION, 7L)));
        assertThat(load().output()).isNull();
    }

    /** A process that stands still in any of these transactions would otherwise keep its successor waiting for ever. */
    @Test
    void the_server_ends_every_transaction_that_holds_a_position_and_stands_still() {
        load();

        assertThat(idleMaxAfter(() -> positions.lock(Set.of(PARTITION)))).isEqualTo("5s");
        assertThat(idleMaxAfter(() -> positions.load(Map.of(PARTITION, "id")))).isEqualTo("5s");
        assertThat(idleMaxAfter(() -> positions.clearOutput(Map.of(PARTITION, -1L)))).isEqualTo("5s");
        assertThat(idleMaxAfter(() -> {})).as("for these transactions alone").isEqualTo("0");
    }

    private String idleMaxAfter(Runnable statement) {
        return harness.transactions.execute(status -> {
            statement.run();
            return harness.jdbc.queryForObject("SHOW idle_in_transaction_session_timeout", String.class);
        });
    }

    private Positions.Stored load() {
        return harness.transactions.execute(status -> positions.load(Map.of(PARTITION, "id"))).get(PARTITION);
    }

    private void advance(long offset, byte[] output) {
        harness.transactions.executeWithoutResult(
                status -> positions.save(List.of(new Advance(PARTITION, offset, "id", output))));
    }
}
