package io.baton.messaging;

import io.baton.contract.Tsid;
import io.baton.messaging.Outcomes.Forgotten;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Forgets the outcomes of sagas that began longer ago than commands can live, in the order of the table's key and a few
 * at a time, so that no transaction is long and no statement reads what it need not. Any number of instances may do
 * this at once.
 *
 * <p>What is pending is kept until it is answered. It, and what another transaction has locked, is looked at again a
 * day later.
 */
final class OutcomeRetention implements Runnable {

    static final int ROWS_PER_TRANSACTION = 1_000;

    /** More in one run would be a load of its own; at one run in ten seconds this is 5,000 rows a second. */
    static final int TRANSACTIONS_PER_RUN = 50;

    private static final Logger log = LoggerFactory.getLogger(OutcomeRetention.class);
    private static final Duration LAP = Duration.ofDays(1);

    private final Outcomes outcomes;
    private final TransactionTemplate transactions;
    private final Duration retention;
    private final MessagingMeters meters;
    private long from;
    private Instant lapBegan = Instant.EPOCH;

    OutcomeRetention(
            Outcomes outcomes, TransactionTemplate transactions, Duration retention, MessagingMeters meters) {
        this.outcomes = outcomes;
        this.transactions = transactions;
        this.retention = retention;
        this.meters = meters;
    }

    @Override
    public void run() {
        try {
            forget(outcomes.now());
        } catch (RuntimeException | Error e) {
            log.info("Old outcomes cannot be removed now ({}); it is tried again", e.toString());
        }
    }

    /** Forgets what is due at {@code now}, at most as much as one run may. */
    void forget(Instant now) {
        if (lapBegan.plus(LAP).isBefore(now)) {
            lapBegan = now;
            from = 0;
        }
        long before = Tsid.floor(now.minus(retention).toEpochMilli());
        for (int i = 0; i < TRANSACTIONS_PER_RUN && !Thread.currentThread().isInterrupted(); i++) {
            Forgotten forgotten = Objects.requireNonNull(
                    transactions.execute(status -> outcomes.forget(from, before, ROWS_PER_TRANSACTION)));
            meters.forgotten(forgotten.rows());
            if (forgotten.rows() < ROWS_PER_TRANSACTION) {
                from = before;
                return;
            }
            from = forgotten.lastSagaId();
        }
    }
}
