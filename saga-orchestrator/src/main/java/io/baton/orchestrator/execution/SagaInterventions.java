package io.baton.orchestrator.execution;

import io.baton.contract.SagaId;
import io.baton.messaging.Outbox;
import io.baton.orchestrator.execution.SagaChanges.Applied;
import io.baton.orchestrator.execution.SagaChanges.Origin;
import io.baton.orchestrator.saga.OperatorAction;
import io.baton.orchestrator.saga.SagaInput;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Does what operators wish: each wish once, only to the saga that they saw, and never without a line in the audit, which
 * is written with what it tells of.
 */
public final class SagaInterventions {

    private static final Result USED = new Result.Refused(OperatorAudit.USED);

    private final Sagas sagas;
    private final OperatorAudit audit;
    private final FourEyes fourEyes;
    private final SagaExecutor executor;
    private final CommandWriter writer;
    private final Outbox outbox;
    private final TransactionTemplate transactions;
    private final DatabaseTime time;
    private final SagaMeters meters;

    SagaInterventions(
            Sagas sagas,
            OperatorAudit audit,
            FourEyes fourEyes,
            SagaExecutor executor,
            CommandWriter writer,
            Outbox outbox,
            TransactionTemplate transactions,
            DatabaseTime time,
            SagaMeters meters) {
        this.sagas = sagas;
        this.audit = audit;
        this.fourEyes = fourEyes;
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
     * @param bulkId what it is a part of; null if it is made alone
     */
    public record Wish(
            UUID requestId,
            SagaId sagaId,
            int expectedVersion,
            String actor,
            String reason,
            Deed deed,
            @Nullable String bulkId) {

        /** A wish that is made alone, and that is for the machine to decide. */
        public Wish(
                UUID requestId,
                SagaId sagaId,
                int expectedVersion,
                String actor,
                String reason,
                OperatorAction action) {
            this(requestId, sagaId, expectedVersion, actor, reason, new Deed.Move(action), null);
        }
    }

    /** What came of a wish. */
    public sealed interface Result {

        /** It was granted; the saga's version after it. */
        record Granted(int version) implements Result {}

        /** The same wish was granted before; the saga's version after that. Nothing changed now. */
        record Repeated(int version) implements Result {}

        /** It is not allowed now. Nothing changed. */
        record Refused(String why) implements Result {}

        /** The saga has moved on since the operator saw it. Nothing changed. */
        record Outdated(int version) implements Result {}

        /** There is no such saga. */
        record NoSuchSaga() implements Result {}

        /** It is granted when a second person wishes the same. Nothing changed yet. */
        record Proposed() implements Result {}

        /** Who proposed it cannot be the second person. Nothing changed. */
        record SecondPersonNeeded() implements Result {}
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
        Instant now = time.now();
        Optional<OperatorAudit.Granted> before = audit.granted(wish.requestId());
        if (before.isPresent()) {
            return isSame(wish, before.get())
                    ? new Result.Repeated(before.get().version())
                    : refused(wish, USED, now);
        }
        Result result = decide(wish, found, now);
        return result instanceof Result.Granted ? result : refused(wish, result, now);
    }

    /** Of the same person too: what one was granted is not another's, who would stand in no line of the audit. */
    private static boolean isSame(Wish wish, OperatorAudit.Granted before) {
        return wish.actor().equals(before.actor())
                && wish.deed().name().equals(before.action())
                && wish.sagaId().equals(before.sagaId())
                && Objects.equals(wish.deed().step(), before.step())
                && Objects.equals(wish.deed().detail(), before.detail());
    }

    private Result decide(Wish wish, Sagas.Found found, Instant now) {
        String unreadable = found.unreadable().get(wish.sagaId().value());
        if (unreadable != null) {
            return new Result.Refused("the saga's row cannot be read: " + unreadable);
        }
        if (found.sagas().isEmpty()) {
            return new Result.NoSuchSaga();
        }
        StoredSaga stored = found.sagas().getFirst();
        if (stored.version() != wish.expectedVersion()) {
            return new Result.Outdated(stored.version());
        }
        return switch (wish.deed()) {
            case Deed.Move(OperatorAction action) -> move(wish, action, stored, now);
            case Deed.Aside aside -> doBeside(wish, aside, stored, now);
        };
    }

    private Result move(Wish wish, OperatorAction action, StoredSaga stored, Instant now) {
        SagaChanges changes = new SagaChanges(writer, now);
        changes.load(stored);
        SagaInput input = new SagaInput.OperatorActed(wish.actor(), wish.reason(), action);
        Applied applied = changes.apply(stored, input, Origin.NO_MESSAGE);
        StoredSaga next = Objects.requireNonNull(changes.find(stored.id().value()));
        if (applied.refusal() != null) {
            return new Result.Refused(applied.refusal());
        }
        if (next.version() == stored.version()) {
            return new Result.Refused("nothing would change");
        }
        if (fourEyes.needed(stored, wish.deed())) {
            switch (fourEyes.second(wish, now)) {
                case FIRST -> {
                    return new Result.Proposed();
                }
                case SAME_PERSON -> {
                    return new Result.SecondPersonNeeded();
                }
                case SECOND -> {}
            }
        }
        if (!audit.write(entry(wish, OperatorAudit.Result.GRANTED, wish.deed().detail(), next.version(), now))) {
            return USED;
        }
        executor.save(changes);
        if (!applied.messages().isEmpty()) {
            outbox.send(applied.messages());
        }
        meters.tellAfterCommit(changes.tally());
        return new Result.Granted(next.version());
    }

    private Result doBeside(Wish wish, Deed.Aside aside, StoredSaga stored, Instant now) {
        String refusal = aside.refusal(stored);
        if (refusal != null) {
            return new Result.Refused(refusal);
        }
        if (!audit.write(entry(wish, OperatorAudit.Result.GRANTED, aside.detail(), stored.version(), now))) {
            return USED;
        }
        aside.apply(stored, now);
        return new Result.Granted(stored.version());
    }

    /** Keeps that a wish was not granted, and returns the result. */
    private Result refused(Wish wish, Result result, Instant now) {
        OperatorAudit.Entry entry =
                switch (result) {
                    case Result.Refused(String why) -> entry(wish, OperatorAudit.Result.REFUSED, why, null, now);
                    case Result.Outdated(int version) ->
                        entry(wish, OperatorAudit.Result.OUTDATED, "The saga has version " + version + ".", null, now);
                    case Result.NoSuchSaga() -> entry(wish, OperatorAudit.Result.NO_SUCH_SAGA, null, null, now);
                    case Result.Proposed() ->
                        entry(wish, OperatorAudit.Result.PROPOSED, wish.deed().detail(), null, now);
                    case Result.SecondPersonNeeded() ->
                        entry(wish, OperatorAudit.Result.SECOND_PERSON_NEEDED, wish.deed().detail(), null, now);
                    case Result.Granted _, Result.Repeated _ ->
                        throw new IllegalArgumentException("Expected a wish that was not granted but got " + result);
                };
        audit.write(entry);
        return result;
    }

    private static OperatorAudit.Entry entry(
            Wish wish,
            OperatorAudit.Result result,
            @Nullable String detail,
            @Nullable Integer versionAfter,
            Instant now) {
        return new OperatorAudit.Entry(
                now,
                wish.actor(),
                wish.deed().name(),
                wish.sagaId(),
                wish.deed().step(),
                wish.reason(),
                wish.requestId(),
                result,
                detail,
                wish.expectedVersion(),
                versionAfter,
                wish.bulkId());
    }
}
