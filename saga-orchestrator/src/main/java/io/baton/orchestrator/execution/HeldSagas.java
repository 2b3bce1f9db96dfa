package io.baton.orchestrator.execution;

import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.saga.SagaDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what sagas would say but for a hold, stops and starts their clocks, and lets go. The caller's transaction has
 * locked the sagas. Batches in which no saga is held cost nothing.
 *
 * <p>To its saga a held command is sent; answers to what was sent before still count. A command for whose answer the
 * saga no longer waits is forgotten. If one were sent all the same it would do no harm, because participants remember
 * the outcome of each command by its key, and refuse an action that was undone before it came.
 */
final class HeldSagas {

    private static final Logger log = LoggerFactory.getLogger(HeldSagas.class);

    private final Sagas sagas;
    private final SagaTimers timers;
    private final HeldCommands commands;
    private final SagaHolds holds;
    private final CommandWriter writer;

    HeldSagas(Sagas sagas, SagaTimers timers, HeldCommands commands, SagaHolds holds, CommandWriter writer) {
        this.sagas = sagas;
        this.timers = timers;
        this.commands = commands;
        this.holds = holds;
        this.writer = writer;
    }

    /** Saves what the changes hold back; to be called after the sagas were saved. */
    void save(SagaChanges changes) {
        List<StoredSaga> stopped = changes.stopped();
        if (!stopped.isEmpty()) {
            commands.keep(changes.held());
            settle(stopped, changes.now());
        }
    }

    /** Pauses a saga. */
    void pause(StoredSaga stored, Instant now) {
        List<Long> id = List.of(stored.id().value());
        sagas.setPaused(id, true);
        stop(id, now);
    }

    /** Ends the pause of a saga, and returns what is to be sent now. */
    List<OutgoingMessage> resume(StoredSaga stored, Instant now) {
        List<Long> id = List.of(stored.id().value());
        sagas.setPaused(id, false);
        return letGo(sagas.lock(id), now);
    }

    /** Returns what was held of sagas and is not any more, so that it must be sent now. */
    List<OutgoingMessage> letGo(Sagas.Found found, Instant now) {
        Map<Long, List<HeldCommand>> held = commands.of(ids(found));
        List<SagaHolds.Hold> holding = holds.holding();
        List<OutgoingMessage> messages = new ArrayList<>();
        List<HeldCommand> heldStill = new ArrayList<>();
        List<HeldCommand> free = new ArrayList<>();
        for (StoredSaga stored : found.sagas()) {
            for (HeldCommand one : held.getOrDefault(stored.id().value(), List.of())) {
                Long hold = SagaHolds.on(holding, stored.definitionName(), one.command().step());
                if (stored.clock().isPaused() || hold != null) {
                    heldStill.add(one.by(stored.clock().isPaused() ? null : hold));
                } else {
                    free.add(one);
                    messages.addAll(message(stored, one, now));
                }
            }
        }
        // What cannot be read cannot be told to send; its timer finds out what is wrong.
        found.unreadable().keySet().forEach(id -> free.addAll(held.getOrDefault(id, List.of())));
        commands.keep(heldStill);
        commands.remove(free);
        settle(found.sagas(), now);
        if (!found.unreadable().isEmpty()) {
            start(found.unreadable().keySet(), now);
        }
        return messages;
    }

    private List<OutgoingMessage> message(StoredSaga stored, HeldCommand held, Instant now) {
        if (!held.isAwaitedBy(stored.saga())) {
            return List.of();
        }
        try {
            return writer.write(stored, stored.saga(), List.of(held.command()), now);
        } catch (RuntimeException e) {
            log.error("Saga {}: {} cannot be sent; its timeout says what follows", stored.id(), held.command(), e);
            return List.of();
        }
    }

    /** Forgets what is no longer awaited, and lets a clock stand exactly where something holds its saga. */
    private void settle(Collection<StoredSaga> changed, Instant now) {
        if (changed.isEmpty()) {
            return;
        }
        Map<Long, List<HeldCommand>> held =
                commands.of(changed.stream().map(stored -> stored.id().value()).toList());
        List<HeldCommand> obsolete = new ArrayList<>();
        List<Long> stop = new ArrayList<>();
        List<Long> start = new ArrayList<>();
        for (StoredSaga stored : changed) {
            List<HeldCommand> ofSaga = held.getOrDefault(stored.id().value(), List.of());
            List<HeldCommand> notAwaited =
                    ofSaga.stream().filter(one -> !one.isAwaitedBy(stored.saga())).toList();
            obsolete.addAll(notAwaited);
            boolean isHeld = stored.clock().isPaused() || notAwaited.size() < ofSaga.size();
            (isHeld && !stored.saga().phase().isFinal() ? stop : start).add(stored.id().value());
        }
        commands.remove(obsolete);
        if (!stop.isEmpty()) {
            stop(stop, now);
        }
        if (!start.isEmpty()) {
            start(start, now);
        }
    }

    private void stop(Collection<Long> ids, Instant now) {
        sagas.stopClocks(ids, now);
        Map<Long, Instant> never = new HashMap<>();
        ids.forEach(id -> never.put(id, Instant.MAX));
        timers.wakeUp(never);
    }

    /** The clocks go on, and with them the timers. */
    private void start(Collection<Long> ids, Instant now) {
        sagas.startClocks(ids, now);
        Sagas.Found found = sagas.lock(ids);
        Map<Long, Instant> due = new HashMap<>();
        found.unreadable().keySet().forEach(id -> due.put(id, now));
        for (StoredSaga stored : found.sagas()) {
            SagaDefinition<?> definition = stored.definition();
            Instant next = definition == null ? now : stored.saga().dueAt(definition);
            // Whoever has ended is woken once more, so that its timer is forgotten.
            Instant wake = Objects.requireNonNullElseGet(
                    next,
                    () -> stored.saga().phase().isFinal() ? now : SagaChanges.lookedAtAgain(stored, now));
            due.put(stored.id().value(), wake);
        }
        timers.wakeUp(due);
    }

    private static List<Long> ids(Sagas.Found found) {
        List<Long> ids = new ArrayList<>(found.unreadable().keySet());
        found.sagas().forEach(stored -> ids.add(stored.id().value()));
        return ids;
    }
}
