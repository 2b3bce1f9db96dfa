package io.baton.orchestrator.execution;

import io.baton.messaging.Outbox;
import io.baton.messaging.OutgoingMessage;
import io.baton.messaging.StoredTraces;
import io.baton.orchestrator.execution.SagaChanges.Origin;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.SagaInput;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives due sagas their timer input, some at a time. Any number of instances may do so at once: each takes sagas that
 * nobody holds. A saga that cannot be handled is put off; it never stops the others.
 */
final class TimerWorker {

    private static final Logger log = LoggerFactory.getLogger(TimerWorker.class);
    private static final Duration PUT_OFF = Duration.ofMinutes(5);

    private final Sagas sagas;
    private final SagaTimers timers;
    private final SagaExecutor executor;
    private final CommandWriter writer;
    private final Outbox outbox;
    private final TransactionTemplate transactions;
    private final DatabaseTime time;
    private final WaitingReplies replies;
    private final SagaMeters meters;
    private final StoredTraces traces;

    TimerWorker(
            Sagas sagas,
            SagaTimers timers,
            SagaExecutor executor,
            CommandWriter writer,
            Outbox outbox,
            TransactionTemplate transactions,
            DatabaseTime time,
            WaitingReplies replies,
            SagaMeters meters,
            StoredTraces traces) {
        this.sagas = sagas;
        this.timers = timers;
        this.executor = executor;
        this.writer = writer;
        this.outbox = outbox;
        this.transactions = transactions;
        this.time = time;
        this.replies = replies;
        this.meters = meters;
        this.traces = traces;
    }

    /**
     * Fires timers that are due, provided that the replies which had arrived by then have been read.
     *
     * @param limit how many at most
     * @return how many fired
     * @throws RuntimeException if the database cannot be reached; what was not committed is done again
     */
    int fire(int limit) {
        Instant now = time.now();
        if (!timers.isAnyDue(now)) {
            return 0;
        }
        Optional<Instant> readUpTo = replies.readUpTo(now);
        if (readUpTo.isEmpty()) {
            return 0;
        }
        List<Long> taken = new ArrayList<>();
        try {
            transactions.executeWithoutResult(
                    _ -> handle(sagas.lockDue(readUpTo.get(), limit), taken));
        } catch (RuntimeException | Error e) {
            if (PassingTrouble.is(e)) {
                throw e;
            }
            log.error("{} timers could not be handled together; each is handled alone", taken.size(), e);
            List.copyOf(taken).forEach(this::fireAlone);
        }
        return taken.size();
    }

    private void fireAlone(long id) {
        try {
            transactions.executeWithoutResult(_ -> handle(sagas.lock(List.of(id)), new ArrayList<>()));
        } catch (RuntimeException | Error e) {
            if (PassingTrouble.is(e)) {
                throw e;
            }
            log.error("The timer of saga {} could not be handled; it is tried again in {}", id, PUT_OFF, e);
            transactions.executeWithoutResult(_ -> {
                sagas.lock(List.of(id));
                timers.reschedule(Map.of(id, time.now().plus(PUT_OFF)));
            });
        }
    }

    private void handle(Sagas.Found found, List<Long> taken) {
        Instant now = time.now();
        found.sagas().forEach(stored -> taken.add(stored.id().value()));
        taken.addAll(found.unreadable().keySet());
        SagaChanges changes = new SagaChanges(writer, now);
        Map<Long, List<OutgoingMessage>> said = new LinkedHashMap<>();
        Map<Long, Instant> next = new HashMap<>();
        List<Long> ended = new ArrayList<>();
        for (StoredSaga stored : found.sagas()) {
            changes.load(stored);
            if (stored.clock().isStopped()) {
                // It was held back after its timer was found.
                next.put(stored.id().value(), Instant.MAX);
                continue;
            }
            noteLag(stored, now);
            List<OutgoingMessage> messages =
                    changes.apply(stored, new SagaInput.TimerFired(), Origin.NO_MESSAGE).messages();
            if (!messages.isEmpty()) {
                said.put(stored.id().value(), messages);
            }
            @Nullable Instant due = dueAt(changes, stored, now);
            if (due == null) {
                ended.add(stored.id().value());
            } else {
                next.put(stored.id().value(), due);
            }
        }
        found.unreadable().forEach((id, why) -> {
            log.error("Saga {} cannot be read ({}); its timer is put off by {}", id, why, PUT_OFF);
            next.put(id, now.plus(PUT_OFF));
        });
        executor.saveWithoutTimers(changes);
        timers.forget(ended);
        timers.reschedule(next);
        if (!said.isEmpty()) {
            say(said);
        }
        meters.tellAfterCommit(changes.tally());
    }

    /** Sends what timers led to, in the trace that each saga began with; that costs one statement. */
    private void say(Map<Long, List<OutgoingMessage>> said) {
        Map<Long, String> parents = sagas.traceParents(said.keySet());
        List<OutgoingMessage> traced = new ArrayList<>();
        said.forEach((id, messages) -> traced.addAll(traces.goOn(parents.get(id), "saga timer", messages)));
        outbox.send(traced);
    }

    private void noteLag(StoredSaga stored, Instant now) {
        Instant due = stored.definition() == null ? null : stored.saga().dueAt(stored.definition());
        if (due != null && !now.isBefore(due)) {
            meters.timerFired(Duration.between(due, now));
        }
    }

    /** When the saga's timer is due now that the saga was handled; null if it needs none any more. */
    private static @Nullable Instant dueAt(SagaChanges changes, StoredSaga before, Instant now) {
        StoredSaga stored = changes.find(before.id().value());
        SagaDefinition<?> definition = before.definition();
        if (stored == null || stored.saga().phase().isFinal()) {
            return null;
        }
        if (!stored.clock().isStopped() && !stored.saga().phase().isMoving()) {
            return SagaChanges.lookedAtAgain(stored, now);
        }
        return definition == null || stored.clock().isStopped()
                ? Instant.MAX
                : stored.saga().dueAt(definition);
    }
}
