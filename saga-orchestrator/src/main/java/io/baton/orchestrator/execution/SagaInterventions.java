package io.baton.orchestrator.execution;

import io.baton.contract.SagaId;
import io.baton.messaging.Outbox;
import io.baton.orchestrator.execution.SagaChanges.Applied;
import io.baton.orchestrator.execution.SagaChanges.Origin;
import io.baton.orchestrator.saga.OperatorAction;
import io.baton.orchestrator.saga.SagaInput;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.transaction.support.TransactionTemplate;

/** Does what operators wish: each wish once, and only to the saga that they saw. */
public final class SagaInterventions {

    private static final Result USED =
            new Result.Refused("the request id was used for another saga; use a new one for each wish");

    private final Sagas sagas;
    private final SagaJournal journal;
    private final SagaExecutor executor;
    private final CommandWriter writer;
    private final Outbox outbox;
    private final TransactionTemplate transactions;
    private final DatabaseTime time;
    private final SagaMeters meters;

    SagaInterventions(
            Sagas sagas,
            SagaJournal journal,
            SagaExecutor executor,
            CommandWriter writer,
            Outbox outbox,
            TransactionTemplate transactions,
            DatabaseTime time,
            SagaMeters meters) {
        this.sagas = sagas;
        this.journal = journal;
        this.executor = executor;
        this.writer = writer;
        this.outbox = outbox;
        this.transactions = transactions;
        this.time = time;
        this.meters = meters;
    }

    /**
     * What an operator wishes.
     *
     * @param requestId the same for every copy of this wish
     * @param expectedVersion the saga's version that the operator saw
     * @param actor who, as the server knows him
     * @param reason why, in one sentence
     */
    public record Wish(
            UUID requestId, SagaId sagaId, int expectedVersion, String actor, String reason, OperatorAction action) {}

    /** What came of a wish. */
    public sealed interface Result {

        /** It was granted, now or before; the saga's version after it. */
        record Granted(int version) implements Result {}

        /** The machine does not allow it, and says what to do instead. Nothing changed. */
        record Refused(String why) implements Result {}

        /** The saga has moved on since the operator saw it. Nothing changed. */
        record Outdated(int version) implements Result {}

        /** There is no such saga. */
        record NoSuchSaga() implements Result {}
    }

    /**
     * Grants a wish, or says why not. After a crash the same wish can be made again.
     *
     * @throws RuntimeException if the database cannot be reached; nothing changed then
     */
    public Result grant(Wish wish) {
        return Objects.requireNonNull(transactions.execute(_ -> grantInTransaction(wish)));
    }

    private Result grantInTransaction(Wish wish) {
        // The saga's lock comes first, so that two copies of one wish come one after the other.
        Sagas.Found found = sagas.lock(List.of(wish.sagaId().value()));
        Optional<SagaJournal.Granted> before = journal.granted(wish.requestId());
        if (before.isPresent()) {
            return before.get().sagaId().equals(wish.sagaId()) ? new Result.Granted(before.get().version()) : USED;
        }
        String unreadable = found.unreadable().get(wish.sagaId().value());
        if (unreadable != null) {
            return new Result.Refused("the saga's row cannot be read: " + unreadable);
        }
        if (found.sagas().isEmpty()) {
            return new Result.NoSuchSaga();
        }
        StoredSaga stored = found.sagas().getFirst();
        return stored.version() == wish.expectedVersion()
                ? apply(wish, stored)
                : new Result.Outdated(stored.version());
    }

    private Result apply(Wish wish, StoredSaga stored) {
        SagaChanges changes = new SagaChanges(writer, time.now());
        changes.load(stored);
        SagaInput input = new SagaInput.OperatorActed(wish.actor(), wish.reason(), wish.action());
        Applied applied = changes.apply(stored, input, Origin.NO_MESSAGE);
        StoredSaga next = Objects.requireNonNull(changes.find(stored.id().value()));
        if (applied.refusal() != null) {
            return new Result.Refused(applied.refusal());
        }
        if (next.version() == stored.version()) {
            return new Result.Refused("nothing would change");
        }
        if (!journal.insertIntervention(wish, next.version(), changes.now())) {
            return USED;
        }
        executor.save(changes);
        if (!applied.messages().isEmpty()) {
            outbox.send(applied.messages());
        }
        meters.tellAfterCommit(changes.tally());
        return new Result.Granted(next.version());
    }
}
