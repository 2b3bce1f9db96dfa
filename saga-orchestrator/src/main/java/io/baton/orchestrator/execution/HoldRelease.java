package io.baton.orchestrator.execution;

import io.baton.messaging.Outbox;
import io.baton.messaging.OutgoingMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends what was let go, as fast as the operator allowed. Each turn is one transaction: what it sends, that it is no
 * longer held, and when the next turn is. So a crash loses and repeats nothing, and another instance goes on; two never
 * work at the same hold.
 */
final class HoldRelease {

    private final SagaHolds holds;
    private final Sagas sagas;
    private final HeldSagas held;
    private final Outbox outbox;
    private final TransactionTemplate transactions;
    private final DatabaseTime time;

    HoldRelease(
            SagaHolds holds,
            Sagas sagas,
            HeldSagas held,
            Outbox outbox,
            TransactionTemplate transactions,
            DatabaseTime time) {
        this.holds = holds;
        this.sagas = sagas;
        this.held = held;
        this.outbox = outbox;
        this.transactions = transactions;
        this.time = time;
    }

    /**
     * Takes one turn, if there is one to take.
     *
     * @return whether there was
     * @throws RuntimeException if the database cannot be reached; nothing changed then
     */
    boolean takeTurn() {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            Instant now = time.now();
            Optional<SagaHolds.Turn> turn = holds.nextTurn(now);
            turn.ifPresent(one -> take(one, now));
            return turn.isPresent();
        }));
    }

    private void take(SagaHolds.Turn turn, Instant now) {
        Pace pace = new Pace(turn.maxPerSecond());
        List<Long> ids = holds.sagasUnder(turn.holdId(), pace.perTurn());
        List<OutgoingMessage> messages = held.letGo(sagas.lock(ids), now);
        if (!messages.isEmpty()) {
            outbox.send(messages);
        }
        Duration pause = pace.after(Math.max(ids.size(), messages.size()));
        holds.nextTurnAt(turn.holdId(), now.plus(pause));
    }
}
