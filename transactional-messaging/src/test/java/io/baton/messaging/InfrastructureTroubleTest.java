package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import io.baton.embedded.PostgresServer.Database;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import org.apache.kafka.common.errors.DisconnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;

class InfrastructureTroubleTest {

    /** As Hibernate and JPA wrap what the driver says: none of Spring's classes in between. */
    private static final class PersistenceException extends RuntimeException {
        PersistenceException(Throwable cause) {
            super("could not execute statement", cause);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08000", "08001", "08003", "08006", // connection
                "25P03", // this process stood still in its transaction
                "25006", // a server that only reads, as one that is about to take over
                "40001", "40P01", // serialization, deadlock
                "53100", "53200", "53300", // disk, memory, connections
                "55P03", "55006", // lock not available, object in use
                "57P01", "57P02", "57P03", "57014", // shutdown, crash, starting up, cancelled
                "58000", "58030", "58P01" // system
            })
    void trouble_of_the_server_passes(String state) {
        assertPasses(state, true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "25P02", // a statement after a failed one: the handler swallowed the failure
                "22001", "22003", "22021", "23502", "23503", "23505", "23514", // data and constraints
                "42601", "42703", "42P01", "42501", // statement and rights
                "54000", "54001", // beyond a limit of the server: an index row that is too large, say
                "0A000", "21000", "P0001", "XX000"
            })
    void a_statement_that_fails_every_time_does_not_pass(String state) {
        assertPasses(state, false);
    }

    /** However the exception comes: from the driver, in JPA's clothes, in Spring's, or at the commit. */
    private static void assertPasses(String state, boolean expected) {
        SQLException sql = new SQLException("ERROR", state);
        assertThat(InfrastructureTrouble.isCauseOf(new PersistenceException(sql))).isEqualTo(expected);
        assertThat(InfrastructureTrouble.isCauseOf(new PersistenceException(new PersistenceException(sql))))
                .isEqualTo(expected);
        assertThat(InfrastructureTrouble.isCauseOf(new TransactionSystemException("Could not commit", sql)))
                .isEqualTo(expected);
        var translated = new SQLStateSQLExceptionTranslator().translate("task", "SELECT", sql);
        if (translated != null) {
            assertThat(InfrastructureTrouble.isCauseOf(translated)).isEqualTo(expected);
        }
    }

    @Test
    void a_pool_without_a_connection_passes() {
        SQLException none = new SQLTransientConnectionException("HikariPool-1 - Connection is not available");

        assertThat(InfrastructureTrouble.isCauseOf(new CannotCreateTransactionException("no", none))).isTrue();
        assertThat(InfrastructureTrouble.isCauseOf(new DataAccessResourceFailureException("no", none))).isTrue();
        assertThat(InfrastructureTrouble.isCauseOf(new CannotCreateTransactionException("no"))).isTrue();
    }

    /** Where the server dies in the middle of a transaction, all that is left of it may be that it cannot be rolled back. */
    @Test
    void a_connection_that_the_pool_gave_up_passes() throws SQLException {
        Database database = Servers.newDatabase();
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.jdbcUrl());
            pool.setUsername(database.user());
            pool.setPassword(database.password());
            pool.setMaximumPoolSize(1);
            Connection connection = pool.getConnection();
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> {
                        try (Statement statement = connection.createStatement()) {
                            statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
                        }
                    })
                    .isInstanceOf(SQLException.class);

            Throwable failure = catchThrowable(connection::rollback);

            assertThat(failure).isInstanceOf(SQLException.class);
            assertThat(InfrastructureTrouble.isCauseOf(new TransactionSystemException("Could not roll back", failure)))
                    .isTrue();
            assertThat(InfrastructureTrouble.isCauseOf(new PersistenceException(new SQLException("Connection is closed"))))
                    .isTrue();
        }
    }

    @Test
    void a_broken_socket_without_a_state_passes() {
        SQLException broken = new SQLException("An I/O error occurred", (String) null, new SocketTimeoutException());

        assertThat(InfrastructureTrouble.isCauseOf(new PersistenceException(broken))).isTrue();
    }

    @Test
    void a_broker_that_is_away_and_a_lost_race_pass() {
        assertThat(InfrastructureTrouble.isCauseOf(new DisconnectException("away"))).isTrue();
        assertThat(InfrastructureTrouble.isCauseOf(new IllegalStateException(new DisconnectException("away"))))
                .isTrue();
        assertThat(InfrastructureTrouble.isCauseOf(new LostRaceException("lost"))).isTrue();
    }

    @Test
    void what_a_handler_throws_does_not_pass() {
        assertThat(InfrastructureTrouble.isCauseOf(new IllegalStateException("bug"))).isFalse();
        assertThat(InfrastructureTrouble.isCauseOf(new NullPointerException())).isFalse();
        assertThat(InfrastructureTrouble.isCauseOf(new EmptyResultDataAccessException(1))).isFalse();
        assertThat(InfrastructureTrouble.isCauseOf(new DataIntegrityViolationException("no"))).isFalse();
        assertThat(InfrastructureTrouble.isCauseOf(new UnexpectedRollbackException("rollback-only"))).isFalse();
        assertThat(InfrastructureTrouble.isCauseOf(new SQLExceptionWithoutState())).isFalse();
    }

    private static final class SQLExceptionWithoutState extends RuntimeException {
        SQLExceptionWithoutState() {
            super(new SQLException("no state"));
        }
    }
}
