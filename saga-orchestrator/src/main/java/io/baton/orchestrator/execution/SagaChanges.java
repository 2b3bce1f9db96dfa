package io.baton.orchestrator.execution;

import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.saga.Decision;
import io.baton.orchestrator.saga.LogEntry;
import io.baton.orchestrator.saga.Phase;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.SagaInput;
import io.baton.orchestrator.saga.SagaMachine;
import io.baton.orchestrator.saga.Stuck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What one transaction does to its sagas: inputs are folded in memory, one after the other, and what remains is saved
 * at once. A saga of which no command can be made, or whose definition is missing, becomes stuck; it never harms the
 * others.
 */
final class SagaChanges {

    /** How soon it is looked whether there is a program with the definition that is missing. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(SagaChanges.class);

    private final CommandWriter writer;
    private final Instant now;
    private final SagaTally tally = new SagaTally();
    private final Map<Long, StoredSaga> sagas = new HashMap<>();
    private final Map<Long, Integer> loadedVersions = new LinkedHashMap<>();
    private final Set<Long> started = new LinkedHashSet<>();
    private final List<LogRow> rows = new ArrayList<>();
    private final List<StaleReply> stale = new ArrayList<>();
    private final Map<Long, Instant> wakeUps = new HashMap<>();
    private final List<HeldCommand> held = new ArrayList<>(0);
    private final Map<Long, StuckNow> stuck = new TreeMap<>();
    private final Set<Long> noLongerStuck = new TreeSet<>();

    /**
     * A row of the log.
     *
     * @param message the type of the message that the change is about
     */
    record LogRow(
            long sagaId,
            int seq,
            LogEntry entry,
            @Nullable String message,
            @Nullable String commandPosition,
            @Nullable String replyPosition) {}

    /** An answer that nobody waited for. */
    record StaleReply(long sagaId, SagaInput.ReplyArrived reply, String why, @Nullable String replyPosition) {}

    /**
     * Why a saga has become stuck.
     *
     * @param error what its participant said at last, else why it is being undone; null if neither is known
     * @param participant whom it waits for; null if it waits for nobody
     * @param search what its definition finds it by; null if by nothing
     */
    record StuckNow(
            long sagaId,
            String definition,
            Stuck stuck,
            @Nullable String error,
            @Nullable String participant,
            @Nullable String search) {}

    /**
     * What came of an input.
     *
     * @param messages what is to be said because of it
     * @param refusal why a wish was refused, or nothing could be done with the input; null if it was not
     */
    record Applied(List<OutgoingMessage> messages, @Nullable String refusal) {}

    /** Where an input came from. */
    record Origin(@Nullable String message, @Nullable String commandPosition, @Nullable String replyPosition) {
        static final Origin NO_MESSAGE = new Origin(null, null, null);
    }

    SagaChanges(CommandWriter writer, Instant now) {
        this.writer = writer;
        this.now = now;
    }

    /** Takes up a saga that the database has, and that is locked. */
    void load(StoredSaga stored) {
        sagas.put(stored.id().value(), stored);
    }

    @Nullable StoredSaga find(long sagaId) {
        return sagas.get(sagaId);
    }

    /**
     * Starts a saga that the database does not have yet.
     *
     * @throws RuntimeException of any kind if its data do not make its first command; nothing is kept then
     */
    List<OutgoingMessage> start(StoredSaga unstarted, Origin origin) {
        SagaDefinition<?> definition = unstarted.definition();
        if (definition == null
                || !(SagaMachine.decide(definition, unstarted.saga(), new SagaInput.Started(), now, 0)
                        instanceof Decision.Moved moved)) {
            throw new IllegalStateException("Expected to start saga " + unstarted.id() + " but it cannot be started");
        }
        CommandWriter.Written commands = writer.writeOrHold(unstarted, moved.saga(), moved.commands(), now);
        started.add(unstarted.id().value());
        keep(unstarted, moved, origin);
        hold(unstarted, commands.held());
        return commands.messages();
    }

    /** Forgets a saga that was started in vain, because there is one for its key already. */
    void forget(long sagaId) {
        StoredSaga forgotten = sagas.remove(sagaId);
        started.remove(sagaId);
        rows.removeIf(row -> row.sagaId() == sagaId);
        held.removeIf(command -> command.sagaId() == sagaId);
        if (forgotten != null) {
            tally.forgetStart(forgotten.definitionName());
        }
    }

    /** Gives a locked saga an input. */
    Applied apply(StoredSaga stored, SagaInput input, Origin origin) {
        try (MDC.MDCCloseable _ = MDC.putCloseable("sagaId", stored.id().toString());
                MDC.MDCCloseable _ = MDC.putCloseable("orderId", stored.key())) {
            return applyNamed(stored, input, origin);
        }
    }

    private Applied applyNamed(StoredSaga stored, SagaInput input, Origin origin) {
        SagaDefinition<?> definition = stored.definition();
        if (definition == null) {
            return halted(stored, Stuck.Code.DEFINITION_MISSING, missing(stored), input, origin);
        }
        try {
            switch (decide(definition, stored, input)) {
                case Decision.Moved moved -> {
                    CommandWriter.Written commands =
                            writer.writeOrHold(stored, moved.saga(), moved.commands(), now);
                    List<OutgoingMessage> messages = new ArrayList<>(commands.messages());
                    messages.addAll(update(stored, moved, input, origin));
                    hold(stored, commands.held());
                    return new Applied(messages, null);
                }
                case Decision.Ignored(String why) -> {
                    ignored(stored, input, why, origin);
                    return new Applied(List.of(), null);
                }
                case Decision.Refused(String why) -> {
                    return new Applied(List.of(), why);
                }
            }
        } catch (RuntimeException e) {
            log.error("Saga {} is stuck: {} cannot be handled", stored.id(), input, e);
            String message = input.getClass().getSimpleName() + " cannot be handled by this program: "
                    + e.getClass().getSimpleName();
            return halted(stored, Stuck.Code.INVARIANT_BROKEN, message, input, origin);
        }
    }

    /**
     * A timer finds a saga that is stuck only because some program did not have its definition, as one of an earlier version
     * beside this one; a program that has it lets it go on.
     */
    private Decision decide(SagaDefinition<?> definition, StoredSaga stored, SagaInput input) {
        Instant at = stored.clock().at(now);
        return input instanceof SagaInput.TimerFired && isDefinitionMissing(stored)
                ? SagaMachine.definitionFound(definition, stored.saga(), at)
                : SagaMachine.decide(
                        definition, stored.saga(), input, at, ThreadLocalRandom.current().nextDouble());
    }

    /** When a saga that is stuck is looked at again; {@link Instant#MAX} if it waits for a person. */
    static Instant lookedAtAgain(StoredSaga stuck, Instant now) {
        return isDefinitionMissing(stuck) ? now.plus(LOOK_AGAIN) : Instant.MAX;
    }

    private static boolean isDefinitionMissing(StoredSaga stored) {
        Stuck stuck = stored.saga().stuck();
        return stuck != null && stuck.code() == Stuck.Code.DEFINITION_MISSING;
    }

    /** The saga becomes stuck, if it is not; a wish is refused. */
    private Applied halted(StoredSaga stored, Stuck.Code code, String why, SagaInput input, Origin origin) {
        return switch (SagaMachine.halt(stored.saga(), stored.state(), code, why)) {
            case Decision.Moved moved -> {
                List<OutgoingMessage> messages = update(stored, moved, input, origin);
                if (code == Stuck.Code.DEFINITION_MISSING) {
                    wakeUps.put(stored.id().value(), now.plus(LOOK_AGAIN));
                }
                yield new Applied(messages, why);
            }
            case Decision.Ignored(String asItIs) -> {
                ignored(stored, input, asItIs, origin);
                yield new Applied(List.of(), why);
            }
            case Decision.Refused _ -> new Applied(List.of(), why);
        };
    }

    private void ignored(StoredSaga stored, SagaInput input, String why, Origin origin) {
        if (input instanceof SagaInput.ReplyArrived reply) {
            tally.stale();
            stale.add(new StaleReply(stored.id().value(), reply, why, origin.replyPosition()));
        }
    }

    private static String missing(StoredSaga stored) {
        return "This program has no '" + stored.definitionName() + "' version " + stored.definitionVersion()
                + " that does what it did when the saga started";
    }

    /** Returns the dead letter of a saga that gets stuck. */
    private List<OutgoingMessage> update(StoredSaga stored, Decision.Moved moved, SagaInput input, Origin origin) {
        loadedVersions.putIfAbsent(stored.id().value(), stored.version());
        StoredSaga next = keep(stored, moved, origin);
        Stuck now = moved.saga().stuck();
        if (Objects.equals(now, stored.saga().stuck())) {
            return List.of();
        }
        long id = stored.id().value();
        if (now == null) {
            stuck.remove(id);
            noLongerStuck.add(id);
            return List.of();
        }
        noLongerStuck.remove(id);
        stuck.put(id, writer.stuckNow(next, now, input));
        return List.of(writer.stuck(stored, next.version(), now));
    }

    private StoredSaga keep(StoredSaga stored, Decision.Moved moved, Origin origin) {
        StoredSaga next = stored.after(moved.saga(), moved.log().to());
        long id = stored.id().value();
        sagas.put(id, next);
        String message = origin.message() != null
                ? origin.message()
                : stored.commandName(moved.log().step(), moved.log().direction());
        rows.add(new LogRow(id, next.version(), moved.log(), message, origin.commandPosition(),
                origin.replyPosition()));
        if (moved.wakeUp() != null && !next.clock().isStopped()) {
            noteWakeUp(id, moved.wakeUp());
        }
        if (next.saga().phase().isFinal()
                && (stored.saga().phase() == Phase.STUCK || stored.clock().isStopped())) {
            // Its timer would never fire, and so never be forgotten.
            noteWakeUp(id, now);
        }
        tally.moved(stored, next, moved, now);
        return next;
    }

    /** From the first held command on, the saga's clock stands still, and its timer with it. */
    private void hold(StoredSaga stored, List<HeldCommand> commands) {
        if (!commands.isEmpty()) {
            held.addAll(commands);
            sagas.computeIfPresent(stored.id().value(), (id, saga) -> saga.stopped(now));
            wakeUps.remove(stored.id().value());
        }
    }

    /** The last word counts where a saga gets stuck or leaves it; otherwise the earliest. */
    private void noteWakeUp(long id, Instant wakeUp) {
        wakeUps.merge(id, wakeUp, (a, b) -> b.equals(Instant.MAX) || a.equals(Instant.MAX) || b.isBefore(a) ? b : a);
    }

    Instant now() {
        return now;
    }

    SagaTally tally() {
        return tally;
    }

    /** The sagas that were started here. */
    Collection<StoredSaga> started() {
        return started.stream().map(this::require).toList();
    }

    /** The versions that the changed sagas had when they were loaded. */
    Map<Long, Integer> loadedVersions() {
        return loadedVersions;
    }

    Collection<StoredSaga> changed() {
        return loadedVersions.keySet().stream().map(this::require).toList();
    }

    /** What is not to be sent yet. */
    List<HeldCommand> held() {
        return held;
    }

    /** The sagas that were changed or started here, and whose clock stands still. */
    List<StoredSaga> stopped() {
        return Stream.concat(loadedVersions.keySet().stream(), started.stream())
                .distinct()
                .map(this::require)
                .filter(stored -> stored.clock().isStopped())
                .toList();
    }

    List<LogRow> log() {
        return rows;
    }

    List<StaleReply> stale() {
        return stale;
    }

    /** When sagas must be looked at, where that is earlier than was known. */
    Map<Long, Instant> wakeUps() {
        return wakeUps;
    }

    /** The sagas that got stuck, or stuck by something else, by id. */
    Collection<StuckNow> stuck() {
        return stuck.values();
    }

    /** The sagas that were stuck and are not any more, by id. */
    Set<Long> noLongerStuck() {
        return noLongerStuck;
    }

    private StoredSaga require(long id) {
        StoredSaga saga = sagas.get(id);
        if (saga == null) {
            throw new IllegalStateException("Expected saga " + id + " to be loaded");
        }
        return saga;
    }
}
