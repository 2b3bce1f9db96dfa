package io.baton.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionSystemException;

class InfrastructureTest {

    @Test
    void a_transaction_that_the_server_has_ended_is_trouble_that_passes() {
        assertThat(isDown(new SQLException("terminating connection due to idle-in-transaction timeout", "25P03")))
                .isTrue();
        assertThat(isDown(new SQLException("This connection has been closed.", "08003"))).isTrue();
        assertThat(isDown(new SQLException("Connection is closed"))).as("what the pool says of it").isTrue();
    }

    @Test
    void a_mistake_in_a_statement_does_not_pass() {
        assertThat(isDown(new SQLException("relation does not exist", "42P01"))).isFalse();
        assertThat(isDown(new SQLException("no state"))).isFalse();
    }

    private static boolean isDown(SQLException failure) {
        return Infrastructure.isDown(new TransactionSystemException("Could not commit", failure));
    }
}
