package io.baton.orchestrator.saga;

import io.baton.messaging.OutcomeStatus;
import io.baton.messaging.Treatment;
import io.baton.orchestrator.saga.Participant.Handled;
import io.baton.orchestrator.saga.Participant.Says;
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
    /** How often, of 256 times, an answer that is owed comes before what is under way. */
    private static final int ANSWERS = 60;
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    /** At most this much may be under way; what is doubled beyond it is not. */
    private static final int MESSAGES_MAX = 64;

    private final Machine machine;
    private final Swarm swarm;
    private final Dice dice;
    private final SagaDefinition<?> definition;
    private final List<? extends Step<?>> steps;
    private final Participant participant;
    private final Knowledge[] known;
    private final int[] network = new int[MESSAGES_MAX + 16];
    private final @Nullable List<String> story;

    private int messages;
    private boolean faults = true;
    private long now = START;
    private Saga saga = Saga.unstarted(Instant.ofEpochMilli(START));
    private int events;
    private long trace;
    private @Nullable String violation;

    SimulatedWorld(Programs programs, Swarm swarm, boolean told) {
        this.machine = programs.machine();
        this.participant = new Participant(programs.participants());
        this.swarm = swarm;
        this.dice = new Dice(~swarm.seed() + swarm.luck());
        this.definition = Swarm.DEFINITIONS.get(swarm.definition());
        this.steps = definition.steps();
        this.known = new Knowledge[steps.size()];
        this.story = told ? new ArrayList<>() : null;
        for (int i = 0; i < known.length; i++) {
            known[i] = steps.get(i).isGiven() ? Knowledge.GIVEN : Knowledge.NOTHING;
        }
    }

    /** What is broken in this schedule, or null. */
    @Nullable String run() {
        give(new SagaInput.Started());
        while (violation == null && (messages > 0 || isAnswerOwed() || saga.phase().isMoving())) {
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
        boolean isAnswerOwed = isAnswerOwed();
        if (isAnswerOwed && (messages == 0 || dice.happens(ANSWERS))) {
            now += dice.below(5_000);
            answerLater();
        } else if (saga.phase().isMoving() && (messages == 0 && !isAnswerOwed || faults && dice.happens(swarm.impatience()))) {
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
            int step = Message.step(message);
            boolean isGiven = steps.get(step).isGiven();
            Says says = participant.treatment(known[step], message, isGiven) == Treatment.CARRY_OUT
                    ? said(step, Message.isCompensation(message), true)
                    : Says.FAILED;
            Handled handled = participant.handle(known[step], message, isGiven, says);
            Enum<?> broken = Invariants.brokenBy(known[step], message, handled);
            if (broken != null && violation == null) {
                violation = broken.name();
            }
            answer(message, handled);
        }
    }

    private boolean isAnswerOwed() {
        for (Knowledge step : known) {
            if (step.isUnderWay()) {
                return true;
            }
        }
        return false;
    }

    private void answerLater() {
        int step = dice.below(known.length);
        while (!known[step].isUnderWay()) {
            step = (step + 1) % known.length;
        }
        boolean goesBack = known[step].action() != OutcomeStatus.PENDING;
        int asked = Message.of(Message.COMMAND, step, goesBack ? Direction.COMPENSATION : Direction.ACTION, 0, 0);
        if (story != null) {
            story.add(Message.text(asked, definition) + " is answered");
        }
        answer(asked, participant.answerLater(known[step], said(step, goesBack, false)));
    }

    private void answer(int command, Handled handled) {
        known[Message.step(command)] = handled.knowledge();
        if (handled.reply() == Participant.SILENCE) {
            return;
        }
        int answer = Message.answer(command, handled.attempt(), handled.reply());
        transmit(answer);
        if (faults && dice.happens(swarm.crash())) {
            transmit(answer);
        }
    }

    /** What the handler of a step says. */
    private Says said(int step, boolean goesBack, boolean mayBeLate) {
        if (faults && dice.happens(swarm.failing())) {
            return Says.FAILED;
        }
        if (goesBack) {
            return Says.DONE;
        }
        if (mayBeLate && faults && dice.happens(swarm.late())) {
            return Says.LATER;
        }
        boolean refuses = dice.happens(swarm.refusing());
        if (refuses && steps.get(step).kind() == StepKind.RETRIABLE) {
            return faults ? Says.REFUSED : Says.FAILED;
        }
        return refuses ? Says.REFUSED : Says.DONE;
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
                boolean took = goesBack ? known[i].isSettled() : known[i].isInEffect();
                yield took || steps.get(i).kind() == StepKind.COMPENSABLE || !known[i].isUntouched() && !known[i].isUnderWay()
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
            broken = Invariants.brokenIn(definition, saga, known);
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
