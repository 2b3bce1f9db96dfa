package io.baton.orchestrator.execution;

import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/** Tells trouble of the database, which passes and is waited out, from a saga that this program cannot handle. */
public final class PassingTrouble {

    private PassingTrouble() {}

    public static boolean is(RuntimeException trouble) {
        return trouble instanceof TransientDataAccessException
                || trouble instanceof RecoverableDataAccessException
                || trouble instanceof NonTransientDataAccessResourceException
                || trouble instanceof TransactionException;
    }
}
