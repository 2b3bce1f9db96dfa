package io.baton.orchestrator.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One saga, its participants, a network that loses, doubles and reorders, and people, all decided by a seed. Faults
 * happen for a while; then they stop, everything under way arrives, and the saga must end or wait for a person.
 */
final class SimulatedWorld {

    private static final int EVENTS_MAX = 400;
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    /** At most this much may be under way; what is doubled beyond it is not. */
    private static final int MESSAGES_MAX = 64;

    private final Machine machine;
    private final Swarm swarm;
    private final Dice dice;
    private final SagaDefinition<?> definition;
    private final List<? extends Step<?>> steps;
    private final Effect[] effects;
    private final int[] network = new int[MESSAGES_MAX + 16];
    private final @Nullable List<String> story;

    private int messages;
    private boolean faults = true;
    private long now = START;
    private Saga saga = Saga.unstarted(Instant.ofEpochMilli(START));
    private int events;
    private long trace;
    private @Nullable String violation;

    SimulatedWorld(Machine machine, Swarm swarm, boolean told) {
        this.machine = machine;
        this.swarm = swarm;
        this.dice = new Dice(~swarm.seed() + swarm.luck());
        this.definition = Swarm.DEFINITIONS.get(swarm.definition());
        this.steps = definition.steps();
        this.effects = new Effect[steps.size()];
        this.story = told ? new ArrayList<>() : null;
        for (int i = 0; i < effects.length; i++) {
            effects[i] = steps.get(i).isGiven() ? Effect.DONE : Effect.NONE;
        }
    }

    /** What is broken in this schedule, or null. */
    @Nullable String run() {
        give(new SagaInput.Started());
        while (violation == null && (messages > 0 || saga.phase().isMoving())) {
            faults &= events < swarm.faultyEvents();
            if (events++ >= EVENTS_MAX) {
                violation = "EVERY_SAGA_ENDS_OR_WAITS_FOR_A_PERSON";
                break;
            }
            letSomethingHappen();
        }
        return violation;
    }

    Phase end() {
        return saga.phase();
    }

    int events() {
        return events;
    }

    /** A number that tells whether two runs were the same. */
    long trace() {
        return trace;
    }

    List<String> story() {
        return story == null ? List.of() : story;
    }

    private void letSomethingHappen() {
        if (faults) {
            if (dice.happens(swarm.sleep())) {
                now += dice.below(12 * 60_000);
            }
            if (dice.happens(swarm.wishes())) {
                give(new SagaInput.CancelRequested("ann", "CUSTOMER", "Changed my mind."));
            }
            if (dice.happens(swarm.operators())) {
                letAnOperatorAct();
            }
        }
        if (saga.phase().isMoving() && (messages == 0 || faults && dice.happens(swarm.impatience()))) {
            Instant due = saga.dueAt(definition);
            now = due == null ? now : Math.max(now, due.toEpochMilli());
            give(new SagaInput.TimerFired());
        } else if (messages > 0) {
            now += dice.below(1_000);
            int at = dice.below(messages);
            int message = network[at];
            network[at] = network[--messages];
            arrives(message);
        }
    }

    private void arrives(int message) {
        trace = trace * 31 + message;
        if (story != null) {
            story.add(Message.text(message, definition) + " arrives");
        }
        if (Message.isReply(message)) {
            boolean readable = !faults || !dice.happens(swarm.unreadable());
            give(Message.input(
                    readable ? message : Message.answer(message, Message.UNREADABLE),
                    definition,
                    Duration.ofMillis(dice.below(2_000))));
        } else {
            int answer = Message.answer(message, carriedOut(message));
            transmit(answer);
            if (faults && dice.happens(swarm.crash())) {
                transmit(answer);
            }
        }
    }

    private int carriedOut(int command) {
        int i = Message.step(command);
        boolean fails = faults && dice.happens(swarm.failing());
        if (Message.isCompensation(command)) {
            if (fails) {
                return Message.FAILED;
            }
            effects[i] = effects[i].undone();
            return Message.DONE;
        }
        int remembered = effects[i].remembered();
        if (remembered >= 0) {
            return remembered;
        }
        if (fails || Message.what(command) == Message.PROBE) {
            return Message.FAILED;
        }
        boolean refuses = dice.happens(swarm.refusing());
        if (refuses && steps.get(i).kind() == StepKind.RETRIABLE) {
            return faults ? Message.REFUSED : Message.FAILED;
        }
        effects[i] = refuses ? Effect.REFUSED : Effect.DONE;
        return refuses ? Message.REFUSED : Message.DONE;
    }

    private void letAnOperatorAct() {
        int i = dice.below(steps.size());
        String step = steps.get(i).name();
        boolean goesBack = saga.direction() == Direction.COMPENSATION;
        OperatorAction action = switch (dice.below(6)) {
            case 0 -> new OperatorAction.Compensate();
            case 1 -> new OperatorAction.Skip(step);
            case 5 -> new OperatorAction.Extend(Duration.ofMinutes(1));
            // Whoever resolves has found out, and tells the truth; what may still happen cannot be found out.
            case 2 -> {
                boolean took = goesBack ? effects[i].undone() == effects[i] : effects[i] == Effect.DONE;
                yield took || steps.get(i).kind() == StepKind.COMPENSABLE || effects[i] != Effect.NONE
                        ? new OperatorAction.Resolve(step, took)
                        : new OperatorAction.Retry();
            }
            default -> new OperatorAction.Retry();
        };
        give(new SagaInput.OperatorActed("olga", "Because.", action));
    }

    private void give(SagaInput input) {
        if (violation != null) {
            return;
        }
        Instant time = Instant.ofEpochMilli(now);
        Saga before = saga;
        double jitter = dice.below(1_001) / 1_000.0;
        Decision decision;
        try {
            decision = machine.decide(definition, before, input, time, jitter);
        } catch (RuntimeException e) {
            violation = "NOTHING_IS_THROWN: " + e;
            return;
        }
        if (decision instanceof Decision.Moved moved) {
            saga = moved.saga();
            trace = (trace * 31 + saga.phase().ordinal()) * 31 + moved.log().to().hashCode() + now;
            boolean again = faults && dice.happens(swarm.crash());
            for (CommandToSend command : moved.commands()) {
                int message = Message.of(
                        command, steps.indexOf(definition.step(command.step()).orElseThrow()), 0);
                transmit(message);
                if (again) {
                    transmit(message);
                }
            }
        }
        if (story != null) {
            story.add("at " + (now - START) + " ms " + input + " : "
                    + (decision instanceof Decision.Moved moved ? moved.saga() + " " + moved.commands() : decision));
        }
        Enum<?> broken = Invariants.brokenBy(definition, before, input, decision);
        if (broken == null) {
            broken = Invariants.brokenIn(definition, saga, effects);
        }
        if (broken != null) {
            violation = broken.name();
        }
    }

    private void transmit(int message) {
        if (messages >= MESSAGES_MAX) {
            return;
        }
        if (!faults || !dice.happens(swarm.loss())) {
            network[messages++] = message;
        }
        if (faults && dice.happens(swarm.doubling())) {
            network[messages++] = message;
        }
    }
}
