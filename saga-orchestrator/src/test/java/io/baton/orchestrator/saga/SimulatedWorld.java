package io.baton.orchestrator.saga;

import io.baton.orchestrator.saga.SagaInput.Kind;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One saga, its participants and a network that loses, doubles and reorders, all decided by a seed. The participants
 * keep the library's promises: an action takes effect once, its outcome is remembered, and an action that comes after
 * its compensation is refused.
 */
final class SimulatedWorld {

    private final SplittableRandom random;
    private final SagaDefinition<Sample.Wish> definition;
    private final double loss;
    private final double doubling;
    private final double failing;
    private final double refusing;
    private boolean faults = true;

    final List<CommandToSend> sent = new ArrayList<>();
    final List<LogEntry> log = new ArrayList<>();
    final Map<String, Participant> participants = new HashMap<>();
    private final List<Object> network = new ArrayList<>();
    Saga saga;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    /** What a participant knows of its step. */
    static final class Participant {
        Effect action = Effect.NONE;
        boolean compensated;
    }

    enum Effect {
        NONE,
        DONE,
        REFUSED
    }

    SimulatedWorld(long seed) {
        random = new SplittableRandom(seed);
        definition = Sample.definition(1 + random.nextInt(4));
        loss = random.nextBoolean() ? 0 : random.nextDouble(0.5);
        doubling = random.nextDouble(0.5);
        failing = random.nextBoolean() ? 0 : random.nextDouble(0.6);
        refusing = random.nextBoolean() ? 0 : random.nextDouble(0.4);
        saga = Saga.unstarted(now);
        for (Step<?> step : definition.steps()) {
            Participant participant = new Participant();
            participant.action = step.isGiven() ? Effect.DONE : Effect.NONE;
            participants.put(step.name(), participant);
        }
        give(new SagaInput.Started());
    }

    SagaDefinition<?> definition() {
        return definition;
    }

    void stopFaults() {
        faults = false;
    }

    boolean isNetworkEmpty() {
        return network.isEmpty();
    }

    /** Lets one thing happen; returns whether anything could. */
    boolean step() {
        boolean timersOnly = network.isEmpty();
        if (timersOnly && !saga.phase().isMoving()) {
            return false;
        }
        if (timersOnly || faults && random.nextInt(6) == 0) {
            elapse();
            return true;
        }
        Object message = network.remove(random.nextInt(network.size()));
        if (message instanceof CommandToSend command) {
            answer(command);
        } else {
            give((ReplyArrived) message);
        }
        return true;
    }

    private void elapse() {
        Instant due = saga.dueAt(definition);
        int kind = random.nextInt(10);
        if (kind == 0) {
            now = now.plusMillis(random.nextInt(20_000));
        } else if (kind == 1 && faults) {
            now = now.plus(Duration.ofMinutes(random.nextInt(12)));
        } else if (due != null && now.isBefore(due)) {
            now = due;
        }
        give(new SagaInput.TimerFired());
    }

    private void answer(CommandToSend command) {
        Participant participant = participants.get(command.step());
        StepKind kind = definition.step(command.step()).orElseThrow().kind();
        Kind answer;
        if (command.direction() == Direction.COMPENSATION) {
            if (fails()) {
                answer = Kind.FAILED;
            } else {
                participant.compensated = true;
                answer = Kind.DONE;
            }
        } else if (participant.compensated || participant.action == Effect.REFUSED) {
            participant.action = participant.action == Effect.NONE ? Effect.REFUSED : participant.action;
            answer = participant.action == Effect.DONE ? Kind.DONE : Kind.REFUSED;
        } else if (participant.action == Effect.DONE) {
            answer = Kind.DONE;
        } else if (fails()) {
            answer = Kind.FAILED;
        } else if (kind != StepKind.RETRIABLE && random.nextDouble() < refusing) {
            participant.action = Effect.REFUSED;
            answer = Kind.REFUSED;
        } else {
            participant.action = Effect.DONE;
            answer = Kind.DONE;
        }
        transmit(new ReplyArrived(
                command.step(),
                command.direction(),
                command.attempt(),
                answer,
                answer == Kind.DONE ? "" : "CODE",
                "",
                Duration.ofMillis(random.nextInt(2_000)),
                null));
    }

    private boolean fails() {
        return faults && random.nextDouble() < failing;
    }

    private void give(SagaInput input) {
        if (SagaMachine.decide(definition, saga, input, now, random.nextDouble()) instanceof Decision.Moved moved) {
            saga = moved.saga();
            log.add(moved.log());
            sent.addAll(moved.commands());
            moved.commands().forEach(this::transmit);
        }
    }

    private void transmit(Object message) {
        if (!faults || random.nextDouble() >= loss) {
            network.add(message);
        }
        if (faults && random.nextDouble() < doubling) {
            network.add(message);
        }
    }
}
