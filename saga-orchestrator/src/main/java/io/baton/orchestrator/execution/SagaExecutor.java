package io.baton.orchestrator.execution;

import io.baton.contract.CancelSaga;
import io.baton.contract.CancellationRefused;
import io.baton.contract.MessageHeaders;
import io.baton.contract.SagaId;
import io.baton.contract.Topics;
import io.baton.contract.Tsid;
import io.baton.messaging.BatchHandler;
import io.baton.messaging.BatchOutput;
import io.baton.messaging.Ids;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.MalformedMessageException;
import io.baton.messaging.OutgoingMessage;
import io.baton.messaging.ParkedRecord;
import io.baton.messaging.StoredTraces;
import io.baton.orchestrator.execution.ReplyReader.Reply;
import io.baton.orchestrator.execution.SagaChanges.Origin;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.Saga;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.SagaInput;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import io.baton.orchestrator.saga.Step;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs sagas: lock, decide, save, say, for a whole batch of requests and replies at once. The number of SQL statements
 * does not depend on the number of messages.
 */
final class SagaExecutor implements BatchHandler {

    private final SagaDefinitions definitions;
    private final Sagas sagas;
    private final SagaJournal journal;
    private final SagaTimers timers;
    private final HeldSagas held;
    private final StuckSagas stuck;
    private final CommandWriter writer;
    private final Ids ids;
    private final SagaMeters meters;

    SagaExecutor(
            SagaDefinitions definitions,
            Sagas sagas,
            SagaJournal journal,
            SagaTimers timers,
            HeldSagas held,
            StuckSagas stuck,
            CommandWriter writer,
            Ids ids,
            SagaMeters meters) {
        this.definitions = definitions;
        this.sagas = sagas;
        this.journal = journal;
        this.timers = timers;
        this.held = held;
        this.stuck = stuck;
        this.writer = writer;
        this.ids = ids;
        this.meters = meters;
    }

    @Override
    public Set<String> topics() {
        return Set.of(Topics.SAGA_REQUESTS, Topics.SAGA_REPLIES);
    }

    @Override
    public void handle(List<IncomingMessage> batch, Instant now, BatchOutput output) {
        SagaChanges changes = new SagaChanges(writer, now);
        List<Said> said = new ArrayList<>();
        Sagas.Begun begun = start(batch, changes, said, output);
        goOn(batch, changes, said, output);
        save(changes);
        if (begun != null) {
            timers.lookAfter(begun, now);
        }
        said.forEach(one -> one.commands.forEach(command -> output.send(one.cause, command)));
        meters.tellAfterCommit(changes.tally());
    }

    /** The saga that waits for an answer which nobody can read needs a person. */
    @Override
    public void parked(ParkedRecord record, Instant now, BatchOutput output) {
        ReplyReader.Lost lost = ReplyReader.unreadable(record.headers(), record.reason()).orElse(null);
        if (lost == null || !record.topic().equals(Topics.SAGA_REPLIES)) {
            return;
        }
        SagaChanges changes = new SagaChanges(writer, now);
        for (StoredSaga stored : sagas.lock(List.of(lost.sagaId().value())).sagas()) {
            changes.load(stored);
            changes.apply(stored, lost.input(), new Origin(null, null, record.position()))
                    .messages()
                    .forEach(message -> output.send(record, message));
        }
        save(changes);
        meters.tellAfterCommit(changes.tally());
    }

    /** Saves the sagas, their log and when they must be looked at; the caller's transaction has locked the sagas. */
    void save(SagaChanges changes) {
        saveWithoutTimers(changes);
        if (!changes.wakeUps().isEmpty()) {
            timers.wakeUp(changes.wakeUps());
        }
    }

    /**
     * Saves the sagas, their log and what is held back of them; the caller's transaction has locked the sagas, and
     * looks after the timers of those whose clock goes.
     */
    void saveWithoutTimers(SagaChanges changes) {
        if (!changes.loadedVersions().isEmpty()) {
            sagas.update(changes.changed(), changes.loadedVersions(), changes.now());
        }
        if (!changes.log().isEmpty()) {
            journal.insertLog(changes.log(), changes.now());
        }
        if (!changes.stale().isEmpty()) {
            journal.insertStale(changes.stale(), changes.now());
        }
        held.save(changes);
        if (!changes.stuck().isEmpty()) {
            stuck.keep(changes.stuck(), changes.now());
        }
        if (!changes.noLongerStuck().isEmpty()) {
            stuck.forget(changes.noLongerStuck());
        }
    }

    /** What is to be said because of a message. */
    private record Said(IncomingMessage cause, List<OutgoingMessage> commands) {}

    /** Returns what was stored; null if there was nothing to store. */
    private Sagas.@Nullable Begun start(List<IncomingMessage> batch, SagaChanges changes, List<Said> said, BatchOutput output) {
        Map<Long, Said> begun = new LinkedHashMap<>();
        for (IncomingMessage message : batch) {
            if (!message.topic().equals(Topics.SAGA_REQUESTS) || message.body() instanceof CancelSaga) {
                continue;
            }
            try {
                StoredSaga unstarted = unstarted(message, changes.now());
                Origin origin = new Origin(message.body().getClass().getSimpleName(), null, message.position());
                begun.put(unstarted.id().value(), new Said(message, changes.start(unstarted, origin)));
            } catch (MalformedMessageException e) {
                output.park(message, String.valueOf(e.getMessage()));
            }
        }
        if (begun.isEmpty()) {
            return null;
        }
        Map<Long, Sagas.RequestFacts> facts = new HashMap<>();
        begun.forEach((id, one) -> facts.put(id, facts(one.cause())));
        Sagas.Begun stored = sagas.insertData(changes.started(), facts);
        begun.forEach((id, commands) -> {
            if (stored.stored().contains(id)) {
                said.add(commands);
            } else {
                changes.forget(id);
            }
        });
        if (!stored.stored().isEmpty()) {
            sagas.insert(changes.started(), changes.now());
        }
        return stored;
    }

    private Sagas.RequestFacts facts(IncomingMessage request) {
        String parent = request.headerOrNull(MessageHeaders.TRACE_PARENT);
        return new Sagas.RequestFacts(
                parent != null && StoredTraces.isWellFormed(parent) ? parent : null,
                definitions
                        .forRequest(request.body().getClass())
                        .map(definition -> SagaFacts.searchedBy(definition, request.body()))
                        .orElse(null));
    }

    private StoredSaga unstarted(IncomingMessage message, Instant now) {
        SagaDefinition<?> definition = definitions
                .forRequest(message.body().getClass())
                .orElseThrow(() -> new MalformedMessageException("Expected a request that starts a saga but "
                        + message.type().name() + " starts none"));
        long businessKey = businessKey(definition, message);
        if (!Tsid.format(businessKey).equals(message.key())) {
            throw new MalformedMessageException("Expected the request to be about the record's key but it is not");
        }
        return new StoredSaga(
                new SagaId(ids.nextSagaId(now).value()),
                0,
                "",
                Saga.unstarted(now),
                SagaClock.NEVER_STOPPED,
                definition.name(),
                definition.version(),
                definition,
                businessKey,
                writer.encode(message.body()));
    }

    private static <D extends Record> long businessKey(SagaDefinition<D> definition, IncomingMessage message) {
        try {
            return definition.businessKey().applyAsLong(definition.dataType().cast(message.body()));
        } catch (RuntimeException e) {
            throw new MalformedMessageException("Expected the request to say what it is about but it does not", e);
        }
    }

    /** An input for a saga that is there already, if it is. */
    private record Arrival(IncomingMessage message, @Nullable Long sagaId, SagaInput input, Origin origin) {}

    private void goOn(List<IncomingMessage> batch, SagaChanges changes, List<Said> said, BatchOutput output) {
        List<Arrival> arrivals = arrivals(batch, output);
        List<Long> ids = arrivals.stream().map(Arrival::sagaId).filter(Objects::nonNull).distinct().toList();
        if (arrivals.isEmpty()) {
            return;
        }
        Sagas.Found found = ids.isEmpty() ? Sagas.Found.NOTHING : sagas.lock(ids);
        found.sagas().stream().filter(saga -> changes.find(saga.id().value()) == null).forEach(changes::load);
        for (Arrival arrival : arrivals) {
            StoredSaga stored = arrival.sagaId() == null ? null : changes.find(arrival.sagaId());
            boolean isCancellation = arrival.input() instanceof SagaInput.CancelRequested;
            if (stored != null) {
                SagaInput input = withAnswer(stored, arrival, output);
                SagaChanges.Applied applied = changes.apply(stored, input, arrival.origin());
                List<OutgoingMessage> messages = new ArrayList<>(applied.messages());
                if (isCancellation && applied.refusal() != null) {
                    messages.add(refusal(arrival.message(), applied.refusal()));
                }
                said.add(new Said(arrival.message(), messages));
            } else if (isCancellation) {
                String why = arrival.sagaId() == null ? "there is no such saga" : "the saga cannot be read";
                said.add(new Said(arrival.message(), List.of(refusal(arrival.message(), why))));
            } else {
                String unreadable = found.unreadable().get(arrival.sagaId());
                SagaId id = new SagaId(Objects.requireNonNull(arrival.sagaId()));
                output.park(
                        arrival.message(),
                        unreadable == null ? "There is no saga " + id : "Saga " + id + " cannot be read: " + unreadable);
            }
        }
    }

    private List<Arrival> arrivals(List<IncomingMessage> batch, BatchOutput output) {
        Map<Sagas.About, Long> idsAbout = sagas.idsAbout(batch.stream()
                .filter(message -> message.body() instanceof CancelSaga)
                .map(SagaExecutor::about)
                .toList());
        List<Arrival> arrivals = new ArrayList<>();
        for (IncomingMessage message : batch) {
            try {
                if (message.body() instanceof CancelSaga(_, String code, String why)) {
                    SagaInput cancel =
                            new SagaInput.CancelRequested(message.header(MessageHeaders.SOURCE), code, why);
                    Origin origin = new Origin(CancelSaga.class.getSimpleName(), null, message.position());
                    arrivals.add(new Arrival(message, idsAbout.get(about(message)), cancel, origin));
                } else if (message.topic().equals(Topics.SAGA_REPLIES)) {
                    Reply reply = ReplyReader.read(message);
                    Origin origin = new Origin(null, reply.commandPosition(), message.position());
                    arrivals.add(new Arrival(message, reply.sagaId().value(), reply.input(), origin));
                }
            } catch (MalformedMessageException e) {
                output.park(message, String.valueOf(e.getMessage()));
                if (message.topic().equals(Topics.SAGA_REPLIES)) {
                    ReplyReader.unreadable(message.headers(), String.valueOf(e.getMessage()))
                            .ifPresent(lost -> arrivals.add(lost(message, lost)));
                }
            }
        }
        return arrivals;
    }

    private static Arrival lost(IncomingMessage message, ReplyReader.Lost lost) {
        return new Arrival(message, lost.sagaId().value(), lost.input(), new Origin(null, null, message.position()));
    }

    /** The input, with the answer in it that the step keeps for its compensation. One of another kind is parked. */
    private SagaInput withAnswer(StoredSaga stored, Arrival arrival, BatchOutput output) {
        if (stored.definition() == null
                || !(arrival.input() instanceof ReplyArrived reply)
                || reply.kind() != SagaInput.Kind.DONE
                || reply.direction() != Direction.ACTION) {
            return arrival.input();
        }
        Class<?> wanted = stored.definition().step(reply.step()).map(Step::captures).orElse(null);
        if (wanted == null) {
            return reply;
        }
        Record body = arrival.message().body();
        if (wanted.isInstance(body)) {
            return reply.with(new String(writer.encode(body), StandardCharsets.UTF_8));
        }
        String why = "expected a " + wanted.getSimpleName() + " but it is a " + body.getClass().getSimpleName();
        output.park(arrival.message(), "The answer to step '" + reply.step() + "' is kept: " + why);
        return new SagaInput.ReplyUnreadable(reply.step(), reply.direction(), reply.attempt(), why);
    }

    /** What a cancellation is about; a key that is no id is about nothing that exists. */
    private static Sagas.About about(IncomingMessage message) {
        String definition = ((CancelSaga) message.body()).definition();
        try {
            return new Sagas.About(definition, Tsid.parse(message.key()));
        } catch (IllegalArgumentException e) {
            return new Sagas.About(definition, -1);
        }
    }

    private static OutgoingMessage refusal(IncomingMessage cancellation, String why) {
        return new OutgoingMessage(
                Topics.SAGA_EVENTS,
                cancellation.key(),
                cancellation.id() + "/refused",
                new CancellationRefused(((CancelSaga) cancellation.body()).definition(), why));
    }
}
