package io.baton.orchestrator.execution;

import io.baton.contract.SagaId;
import io.baton.contract.Topics;
import io.baton.contract.Tsid;
import io.baton.messaging.BatchHandler;
import io.baton.messaging.BatchOutput;
import io.baton.messaging.Ids;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.MalformedMessageException;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.execution.ReplyReader.Reply;
import io.baton.orchestrator.execution.SagaChanges.Origin;
import io.baton.orchestrator.saga.Saga;
import io.baton.orchestrator.saga.SagaDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs sagas: lock, decide, save, say, for a whole batch of requests and replies at once. The number of SQL statements
 * does not depend on the number of messages.
 */
final class SagaExecutor implements BatchHandler {

    private final SagaDefinitions definitions;
    private final Sagas sagas;
    private final SagaTimers timers;
    private final CommandWriter writer;
    private final Ids ids;
    private final SagaMeters meters;

    SagaExecutor(
            SagaDefinitions definitions,
            Sagas sagas,
            SagaTimers timers,
            CommandWriter writer,
            Ids ids,
            SagaMeters meters) {
        this.definitions = definitions;
        this.sagas = sagas;
        this.timers = timers;
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
        start(batch, changes, said, output);
        answer(batch, changes, said, output);
        saveWithoutTimers(changes);
        if (!changes.wakeUps().isEmpty()) {
            timers.wakeUp(changes.wakeUps());
        }
        said.forEach(one -> one.commands.forEach(command -> output.send(one.cause, command)));
        meters.tellAfterCommit(changes.tally());
    }

    /** Saves the sagas and their log; the caller's transaction has locked the sagas, and looks after their timers. */
    void saveWithoutTimers(SagaChanges changes) {
        if (!changes.loadedVersions().isEmpty()) {
            sagas.update(changes.changed(), changes.loadedVersions(), changes.now());
        }
        if (!changes.log().isEmpty()) {
            sagas.insertLog(changes.log(), changes.now());
        }
    }

    /** What is to be said because of a message. */
    private record Said(IncomingMessage cause, List<OutgoingMessage> commands) {}

    private void start(List<IncomingMessage> batch, SagaChanges changes, List<Said> said, BatchOutput output) {
        Map<Long, Said> begun = new LinkedHashMap<>();
        for (IncomingMessage message : batch) {
            if (!message.topic().equals(Topics.SAGA_REQUESTS)) {
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
            return;
        }
        Set<Long> stored = sagas.insertData(changes.started());
        begun.forEach((id, commands) -> {
            if (stored.contains(id)) {
                said.add(commands);
            } else {
                changes.forget(id);
            }
        });
        if (!stored.isEmpty()) {
            sagas.insert(changes.started(), changes.now());
        }
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

    private void answer(List<IncomingMessage> batch, SagaChanges changes, List<Said> said, BatchOutput output) {
        List<Reply> replies = new ArrayList<>();
        for (IncomingMessage message : batch) {
            if (message.topic().equals(Topics.SAGA_REPLIES)) {
                try {
                    replies.add(ReplyReader.read(message));
                } catch (MalformedMessageException e) {
                    output.park(message, String.valueOf(e.getMessage()));
                }
            }
        }
        if (replies.isEmpty()) {
            return;
        }
        Sagas.Found found = sagas.lock(
                replies.stream().map(reply -> reply.sagaId().value()).distinct().toList());
        found.sagas().forEach(changes::load);
        for (Reply reply : replies) {
            StoredSaga stored = changes.find(reply.sagaId().value());
            if (stored == null) {
                String unreadable = found.unreadable().get(reply.sagaId().value());
                output.park(
                        reply.message(),
                        unreadable == null
                                ? "There is no saga " + reply.sagaId()
                                : "Saga " + reply.sagaId() + " cannot be read: " + unreadable);
                continue;
            }
            Origin origin = new Origin(null, reply.commandPosition(), reply.message().position());
            said.add(new Said(reply.message(), changes.apply(stored, reply.input(), origin)));
        }
    }
}
