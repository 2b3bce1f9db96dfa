package io.baton.orchestrator.execution;

import io.baton.contract.MessageHeaders;
import io.baton.contract.SagaStuck;
import io.baton.contract.Topics;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.saga.CommandToSend;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.Phase;
import io.baton.orchestrator.saga.Reason;
import io.baton.orchestrator.saga.Saga;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.SagaInput;
import io.baton.orchestrator.saga.Step;
import io.baton.orchestrator.saga.Stuck;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Makes messages of what the machine decides to say, and keeps what the saga knows as JSON. */
final class CommandWriter {

    private final SagaDefinitions definitions;
    private final SagaHolds holds;
    private final JsonMapper json = JsonMapper.builder().build();
    private final SagaFacts facts = new SagaFacts();

    CommandWriter(SagaDefinitions definitions, SagaHolds holds) {
        this.definitions = definitions;
        this.holds = holds;
    }

    /** Commands as messages to be sent now, and those that are to wait. */
    record Written(List<OutgoingMessage> messages, List<HeldCommand> held) {}

    byte[] encode(Record data) {
        return json.writeValueAsBytes(data);
    }

    /**
     * Makes messages of the commands that nothing holds back.
     *
     * @throws RuntimeException of any kind if the saga's data do not make such a command, held or not
     */
    Written writeOrHold(StoredSaga stored, Saga next, List<CommandToSend> commands, Instant now) {
        List<OutgoingMessage> all = write(stored, next, commands, now);
        List<OutgoingMessage> messages = new ArrayList<>(all.size());
        List<HeldCommand> held = new ArrayList<>(0);
        boolean isPaused = stored.clock().isPaused();
        for (int i = 0; i < all.size(); i++) {
            CommandToSend command = commands.get(i);
            Long hold = isPaused ? null : holds.on(stored.definitionName(), command.step());
            if (isPaused || hold != null) {
                held.add(new HeldCommand(stored.id().value(), command, now, hold));
            } else {
                messages.add(all.get(i));
            }
        }
        return new Written(messages, held);
    }

    /** @throws RuntimeException of any kind if the saga's data do not make such a command */
    List<OutgoingMessage> write(StoredSaga stored, Saga next, List<CommandToSend> commands, Instant now) {
        if (commands.isEmpty()) {
            return List.of();
        }
        SagaDefinition<?> definition = stored.definition();
        if (definition == null) {
            throw new IllegalStateException("Expected a definition of saga " + stored.id());
        }
        return write(definition, stored, next, commands, now);
    }

    private <D extends Record> List<OutgoingMessage> write(
            SagaDefinition<D> definition, StoredSaga stored, Saga next, List<CommandToSend> commands, Instant now) {
        D data = json.readValue(stored.body(), definition.dataType());
        String expiry = now.plus(definition.commandExpiry()).truncatedTo(ChronoUnit.MILLIS).toString();
        return commands.stream()
                .map(command -> {
                    Record body = body(definition.step(command.step()).orElseThrow(), command, data, next);
                    return new OutgoingMessage(
                            definitions.topicOf(body.getClass()),
                            stored.key(),
                            stored.id() + "/" + command.step() + "/" + command.direction() + "/" + command.attempt(),
                            body,
                            headers(stored, command, expiry));
                })
                .toList();
    }

    private static Map<String, String> headers(StoredSaga stored, CommandToSend command, String expiry) {
        Map<String, String> headers = new HashMap<>(Map.of(
                MessageHeaders.SAGA_ID, stored.id().toString(),
                MessageHeaders.STEP, command.step(),
                MessageHeaders.DIRECTION, command.direction().name(),
                MessageHeaders.ATTEMPT, Integer.toString(command.attempt()),
                MessageHeaders.EXPIRY_TIME, expiry));
        if (command.probe()) {
            headers.put(MessageHeaders.PROBE, "true");
        }
        return headers;
    }

    /** The dead letter of a saga that needs a person. */
    OutgoingMessage stuck(StoredSaga stored, int version, Stuck stuck) {
        Direction going = stuck.from() == Phase.COMPENSATING ? Direction.COMPENSATION : Direction.ACTION;
        return new OutgoingMessage(
                Topics.SAGA_DEAD_LETTERS,
                stored.key(),
                stored.id() + "/stuck/" + version,
                new SagaStuck(
                        stored.id(),
                        stored.definitionName(),
                        stored.definitionVersion(),
                        going.name(),
                        stuck.code().name(),
                        stuck.step(),
                        stuck.message()));
    }

    /** What operators find a saga by that has become stuck because of the input. */
    SagaChanges.StuckNow stuckNow(StoredSaga stored, Stuck stuck, SagaInput input) {
        boolean isSaid = input instanceof SagaInput.ReplyArrived reply && reply.kind() != SagaInput.Kind.DONE;
        Reason reason = stored.saga().reason();
        return new SagaChanges.StuckNow(
                stored.id().value(),
                stored.definitionName(),
                stuck,
                isSaid ? ((SagaInput.ReplyArrived) input).code() : reason == null ? null : reason.code(),
                definitions.participant(stored, stuck.step()),
                facts.searchedBy(stored));
    }

    private <D> Record undoing(Step.Compensation<D> by, D data, Reason reason, @Nullable String captured) {
        Record answer = captured == null || by.captures() == null ? null : json.readValue(captured, by.captures());
        return by.command(data, reason, answer);
    }

    private <D> Record body(Step<D> step, CommandToSend command, D data, Saga next) {
        if (command.direction() == Direction.ACTION && step.action() != null) {
            return step.action().body().apply(data);
        }
        Reason reason = next.reason();
        if (command.direction() == Direction.COMPENSATION && step.compensation() != null && reason != null) {
            return undoing(step.compensation(), data, reason, next.captured().get(step.name()));
        }
        throw new IllegalStateException("Expected step '" + step.name() + "' to have such a command but got "
                + command);
    }
}
