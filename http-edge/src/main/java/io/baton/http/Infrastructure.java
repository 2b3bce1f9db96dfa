package io.baton.http;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells trouble with the database, which passes, from a mistake in the program. */
final class Infrastructure {

    private static final int LONGEST_CHAIN = 20;

    /**
     * Connection lost, transaction to be repeated, resources short, operator's intervention, system error, read-only.
     */
    private static final Set<String> PASSING_STATES = Set.of("08", "40", "53", "57", "58", "55", "25");

    /** What the pool says, without a state, of a connection that it has given up because it broke. */
    private static final String CLOSED_BY_THE_POOL = "Connection is closed";

    private Infrastructure() {}

    static boolean isDown(Throwable failure) {
        @Nullable Throwable cause = failure;
        for (int i = 0; cause != null && i < LONGEST_CHAIN; i++) {
            if (cause instanceof TransientDataAccessException
                    || cause instanceof RecoverableDataAccessException
                    || cause instanceof DataAccessResourceFailureException
                    || cause instanceof CannotCreateTransactionException
                    || cause instanceof SQLTransientException
                    || cause instanceof SQLException sql && passes(sql)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean passes(SQLException failure) {
        @Nullable String state = failure.getSQLState();
        return state == null
                ? CLOSED_BY_THE_POOL.equals(failure.getMessage())
                : state.length() == 5 && PASSING_STATES.contains(state.substring(0, 2));
    }
}
