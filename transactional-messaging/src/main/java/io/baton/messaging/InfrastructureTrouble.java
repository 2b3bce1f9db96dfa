package io.baton.messaging;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Tells trouble that passes (database or broker away, deadlock, lost race, no memory) from a record that never can be
 * handled.
 */
final class InfrastructureTrouble {

    /**
     * Classes of SQLSTATE that say nothing about the record: 08 connection, 40 rollback (deadlock, serialization), 53
     * resources, 55 object not available, 57 operator intervention, 58 system error. Source: PostgreSQL's error codes.
     */
    private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57", "58");

    /** The server ended the transaction because this process stood still in the middle of it. */
    private static final String IDLE_IN_TRANSACTION = "25P03";

    /** The server only reads, as one that is about to take over, or about to be taken over from. */
    private static final String ONLY_READS = "25006";

    /**
     * All that HikariCP says of a connection that it has given up because it broke. It may be the only thing that is said:
     * where the rollback fails too, its exception replaces the one that came first.
     */
    private static final String CLOSED_BY_THE_POOL = "Connection is closed";

    private InfrastructureTrouble() {}

    static boolean isCauseOf(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            // A stack overflows because of the one record that is handled; memory runs out because of all together.
            if (t instanceof VirtualMachineError && !(t instanceof StackOverflowError)) {
                return true;
            }
        }
        // What the database itself says comes first: Spring calls a row that is too large for its index (54) a resource
        // that is away, and waiting for that would hold the partition up for ever.
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                return isPassing(sql);
            }
        }
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof TransientDataAccessException
                    || t instanceof RecoverableDataAccessException
                    || t instanceof NonTransientDataAccessResourceException
                    || t instanceof CannotCreateTransactionException && t.getCause() == null
                    || t instanceof KafkaException
                    || t instanceof LostRaceException) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPassing(SQLException failure) {
        String state = failure.getSQLState();
        return failure instanceof SQLTransientConnectionException
                || state != null && state.length() == 5 && PASSING.contains(state.substring(0, 2))
                || IDLE_IN_TRANSACTION.equals(state)
                || ONLY_READS.equals(state)
                || state == null && CLOSED_BY_THE_POOL.equals(failure.getMessage())
                // pgjdbc wraps a broken socket without a state in some places.
                || failure.getCause() instanceof IOException;
    }
}
