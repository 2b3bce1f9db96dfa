package io.baton.orchestrator.execution;

import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Tells trouble that passes and is waited out (the database, or the virtual machine's memory) from a saga that this program
 * cannot handle.
 */
public final class PassingTrouble {

    private PassingTrouble() {}

    public static boolean is(Throwable trouble) {
        return trouble instanceof VirtualMachineError && !(trouble instanceof StackOverflowError)
                || trouble instanceof TransientDataAccessException
                || trouble instanceof RecoverableDataAccessException
                || trouble instanceof NonTransientDataAccessResourceException
                || trouble instanceof TransactionException;
    }
}
