package io.baton.orchestrator.saga;

import io.baton.messaging.OutcomeStatus;
import io.baton.messaging.Treatment;
import io.baton.orchestrator.saga.Participant.Handled;
import io.baton.orchestrator.saga.Participant.Says;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can happen to one saga, or to two that want the same last unit of stock, breadth first: each state of
 * the world is a state of each saga, what each participant knows, and which messages are under way, in any order. Faults
 * are rationed, so there are finitely many states.
 *
 * <p>The machine is the production code, and so is what decides how a participant treats a command ({@link Participant}).
 * The machine is asked once for each saga's state and input, and its answer is kept, for it is a function. Times are reduced to their order, and texts to whether there are any: nothing else of them matters to
 * it. A transaction that is undone before its commit leaves the world as it was, so such a crash needs no state of its
 * own; a crash after the commit says everything again that the transaction had to say.
 *
 * <p>From each state some path without further faults must lead to where each saga has ended or waits for a person.
 */
final class Exploration {

    /**
     * How often each fault may happen along one path.
     *
     * @param late how often a handler may say that its answer comes later
     */
    record Budget(
            int duplicates, int losses, int timeouts, int crashes, int operatorActions, int cancellations, int late) {}

    /**
     * What was found.
     *
     * @param complete whether it came to an end by itself
     * @param ends how many states there are in which all sagas have ended or are stuck, by phases
     * @param violation what is broken, with the path to it; null if nothing is
     */
    record Findings(
            boolean complete,
            int states,
            long moves,
            int sagaStates,
            Map<String, Integer> ends,
            @Nullable String violation) {}

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    /** Where all times lie while the saga is in time, and once it is past its deadline. */
    private static final Instant[] NOW = {START.plusSeconds(60), START.plus(Duration.ofDays(1))};

    /** Beyond all of them. */
    private static final Duration EXTENDED = Duration.ofDays(2);

    private static final Says[] EVERYTHING = Says.values();

    private static final int TIMER = 1 << 16;
    private static final int DEADLINE = TIMER + 1;
    private static final int CANCEL = TIMER + 2;
    private static final int RETRY = TIMER + 3;
    private static final int COMPENSATE = TIMER + 4;
    private static final int EXTEND = TIMER + 5;
    private static final int SKIP = TIMER + 16;
    private static final int RESOLVE_DONE = TIMER + 32;
    private static final int RESOLVE_NOT_DONE = TIMER + 48;
    private static final int START_IT = TIMER + 64;

    private final Machine machine;
    private final Participant participant;
    private final SagaDefinition<?> definition;
    private final List<? extends Step<?>> steps;
    private final int sagas;
    private final int scarce;
    private final Budget budget;
    private final int mostStates;

    private final Map<Saga, Integer> sagaIds = new HashMap<>();
    private final List<Saga> sagaStates = new ArrayList<>();
    private final Map<Long, Outcome> outcomes = new HashMap<>();

    private final ExploredWorld.Numbers knowledge = new ExploredWorld.Numbers();
    private final StateStore store = new StateStore();
    /** The states that follow without a fault, state by state; and for each state, where its ones end. */
    private final IntList fair = new IntList();

    private final IntList fairEnds = new IntList();
    private final IntList parents = new IntList();
    private final ExploredWorld world;
    private final ExploredWorld next;
    private final ExploredWorld back;
    private int current;
    private long moves;
    private @Nullable String violation;

    /** What the machine answers: the saga's next state, or -1 if it stays; and what is sent. */
    private record Outcome(int saga, int[] commands) {}

    /** @param scarceStep the step of which only one saga can have the effect; null if none is like that */
    Exploration(
            Programs programs,
            SagaDefinition<?> definition,
            int sagas,
            @Nullable String scarceStep,
            Budget budget,
            int mostStates) {
        this.machine = programs.machine();
        this.participant = new Participant(programs.participants());
        this.definition = definition;
        this.steps = definition.steps();
        this.sagas = sagas;
        this.scarce = scarceStep == null
                ? -1
                : steps.indexOf(definition.step(scarceStep).orElseThrow());
        this.budget = budget;
        this.mostStates = mostStates;
        this.world = new ExploredWorld(sagas, steps.size(), knowledge);
        this.next = new ExploredWorld(sagas, steps.size(), knowledge);
        this.back = new ExploredWorld(sagas, steps.size(), knowledge);
    }

    Findings explore() {
        begin();
        while (current < store.size() && store.size() < mostStates && violation == null) {
            world.read(store, current);
            expand();
            fairEnds.add(fair.size());
            current++;
        }
        boolean complete = current == store.size();
        Map<String, Integer> ends = complete && violation == null ? ends() : Map.of();
        return new Findings(complete, store.size(), moves, sagaStates.size(), ends, violation);
    }

    private void begin() {
        parents.add(-1);
        Outcome started = outcome(id(Saga.unstarted(START)), 0, START_IT);
        ExploredWorld first = next;
        first.clear();
        for (int s = 0; s < sagas; s++) {
            first.saga[s] = started.saga;
            for (int i = 0; i < steps.size(); i++) {
                first.known[s][i] = steps.get(i).isGiven() ? Knowledge.GIVEN : Knowledge.NOTHING;
            }
            send(first, started.commands, s);
        }
        first.left[0] = budget.duplicates;
        first.left[1] = budget.losses;
        first.left[2] = budget.timeouts;
        first.left[3] = budget.crashes;
        first.left[4] = budget.operatorActions;
        first.left[5] = budget.cancellations;
        first.left[6] = budget.late;
        first.write(store);
    }

    private void expand() {
        for (int m = 0; m < world.messages && violation == null; m++) {
            if (m > 0 && world.network[m] == world.network[m - 1]) {
                continue;
            }
            int message = world.network[m];
            deliver(message, m, -1);
            if (world.left[0] > 0) {
                deliver(message, -1, 0);
            }
            if (world.left[1] > 0) {
                next.copy(world);
                next.take(m);
                next.left[1]--;
                reached(false);
                if (Message.isReply(message)) {
                    next.copy(world);
                    next.take(m);
                    next.left[1]--;
                    give(Message.saga(message), Message.answer(message, Message.UNREADABLE), false);
                }
            }
        }
        for (int s = 0; s < sagas && violation == null; s++) {
            answerLater(s);
            Saga saga = sagaStates.get(world.saga[s]);
            if (saga.phase().isMoving()) {
                fireTimers(s);
            }
            if (world.left[5] > 0 && !saga.phase().isFinal()) {
                next.copy(world);
                next.left[5]--;
                give(s, CANCEL, false);
            }
            if (world.left[4] > 0 && !saga.phase().isFinal()) {
                letOperatorsAct(s, saga);
            }
        }
    }

    private void fireTimers(int s) {
        boolean quiet = !world.isSomethingUnderWay(s);
        if (quiet || world.left[2] > 0) {
            next.copy(world);
            next.left[2] -= quiet ? 0 : 1;
            give(s, TIMER, quiet);
        }
        if (world.late[s] == 0 && world.left[2] > 0) {
            next.copy(world);
            next.left[2]--;
            next.late[s] = 1;
            give(s, DEADLINE, false);
        }
    }

    private void letOperatorsAct(int s, Saga saga) {
        act(s, RETRY);
        act(s, COMPENSATE);
        act(s, EXTEND);
        for (int i = 0; i < steps.size() && saga.stuck() != null; i++) {
            act(s, SKIP + i);
            boolean goesBack = saga.direction() == Direction.COMPENSATION;
            // Whoever resolves has found out, and tells the truth.
            Knowledge known = world.known[s][i];
            boolean took = goesBack ? known.isSettled() : known.isInEffect();
            if (took) {
                act(s, RESOLVE_DONE + i);
            } else if (!world.canStillHappen(s, i) || steps.get(i).kind() == StepKind.COMPENSABLE) {
                act(s, RESOLVE_NOT_DONE + i);
            }
        }
    }

    private void act(int s, int action) {
        next.copy(world);
        next.left[4]--;
        give(s, action, false);
    }

    /** Lets a message arrive, taken from the network, or as a copy of one that stays there. */
    private void deliver(int message, int taken, int paid) {
        int s = Message.saga(message);
        if (Message.isReply(message)) {
            prepare(taken, paid);
            give(s, message, paid < 0);
            return;
        }
        int i = Message.step(message);
        Knowledge known = world.known[s][i];
        boolean isGiven = steps.get(i).isGiven();
        if (participant.treatment(known, message, isGiven) != Treatment.CARRY_OUT) {
            handled(message, taken, paid, participant.handle(known, message, isGiven, Says.FAILED));
            return;
        }
        for (Says says : EVERYTHING) {
            if (maySay(says, s, message)) {
                handled(message, taken, paid, participant.handle(known, message, isGiven, says));
            }
        }
    }

    private void handled(int command, int taken, int paid, Handled handled) {
        Knowledge before = world.known[Message.saga(command)][Message.step(command)];
        Enum<?> broken = Invariants.brokenBy(before, command, handled);
        if (broken != null) {
            violation = broken + ": " + Message.text(command, definition) + " to " + before + " is " + handled + "\n"
                    + story(current);
        }
        answer(command, taken, paid, handled);
    }

    private boolean maySay(Says says, int s, int command) {
        int i = Message.step(command);
        boolean goesBack = Message.isCompensation(command);
        return switch (says) {
            case DONE -> goesBack || i != scarce || !world.known[1 - s][i].isInEffect();
            case REFUSED -> !goesBack;
            case FAILED -> true;
            case LATER -> !goesBack && world.left[6] > 0;
        };
    }

    /** What was begun has its answer. */
    private void answerLater(int s) {
        for (int i = 0; i < steps.size() && violation == null; i++) {
            Knowledge known = world.known[s][i];
            if (!known.isUnderWay()) {
                continue;
            }
            boolean goesBack = known.action() != OutcomeStatus.PENDING;
            Direction direction = goesBack ? Direction.COMPENSATION : Direction.ACTION;
            int asked = Message.of(Message.COMMAND, i, direction, 0, s);
            for (Says says : EVERYTHING) {
                if (says != Says.LATER && maySay(says, s, asked)) {
                    answer(asked, -1, -1, participant.answerLater(known, says));
                }
            }
        }
    }

    private void prepare(int taken, int paid) {
        next.copy(world);
        if (taken >= 0) {
            next.take(taken);
        }
        if (paid >= 0) {
            next.left[paid]--;
        }
    }

    /** The participant answers, or answers twice, if it was ended after its commit. */
    private void answer(int command, int taken, int paid, Handled handled) {
        if (violation != null) {
            return;
        }
        int crashes = handled.reply() == Participant.SILENCE ? 0 : Math.min(1, world.left[3]);
        for (int crashed = 0; crashed <= crashes; crashed++) {
            prepare(taken, paid);
            next.known[Message.saga(command)][Message.step(command)] = handled.knowledge();
            next.left[6] -= handled.reply() == Participant.SILENCE && isBegun(command, handled) ? 1 : 0;
            next.left[3] -= crashed;
            for (int copy = 0; copy <= crashed && handled.reply() != Participant.SILENCE; copy++) {
                next.add(Message.answer(command, handled.attempt(), handled.reply()));
            }
            reached(paid < 0 && crashed == 0);
        }
    }

    /** Whether a handler has just said that the action's answer comes later. */
    private boolean isBegun(int command, Handled handled) {
        return handled.knowledge().action() == OutcomeStatus.PENDING
                && world.known[Message.saga(command)][Message.step(command)].action() != OutcomeStatus.PENDING;
    }

    /** The saga in {@link #next} is given an input, and the orchestrator may end after its commit. */
    private void give(int s, int input, boolean isFair) {
        if (violation != null) {
            return;
        }
        Outcome outcome = outcome(next.saga[s], next.late[s], input);
        if (violation != null) {
            return;
        }
        if (outcome.saga < 0) {
            reached(isFair);
            return;
        }
        next.saga[s] = outcome.saga;
        send(next, outcome.commands, s);
        back.copy(next);
        reached(isFair);
        if (world.left[3] > 0 && outcome.commands.length > 0 && violation == null) {
            next.copy(back);
            next.left[3]--;
            send(next, outcome.commands, s);
            reached(false);
        }
    }

    private static void send(ExploredWorld into, int[] commands, int s) {
        for (int command : commands) {
            into.add(command | s << 15);
        }
    }

    /** {@link #next} can follow. */
    private void reached(boolean isFair) {
        moves++;
        int known = store.size();
        int state = next.write(store);
        if (isFair) {
            fair.add(state);
        }
        if (state < known) {
            return;
        }
        parents.add(current);
        for (int s = 0; s < sagas; s++) {
            Invariants.OfWorld broken =
                    Invariants.brokenIn(definition, sagaStates.get(next.saga[s]), next.known[s]);
            if (broken != null) {
                violation = broken + "\n" + story(state);
                return;
            }
        }
        if (scarce >= 0 && next.known[0][scarce].isInEffect() && next.known[1][scarce].isInEffect()) {
            violation = "ONE_UNIT_IS_SOLD_ONCE\n" + story(state);
        }
    }

    private Outcome outcome(int saga, int late, int input) {
        long key = (long) saga << 24 | (long) late << 23 | input;
        Outcome known = outcomes.get(key);
        if (known == null) {
            known = ask(sagaStates.get(saga), late, input);
            outcomes.put(key, known);
        }
        return known;
    }

    private Outcome ask(Saga saga, int late, int input) {
        SagaInput given = input(input);
        Instant now = input == DEADLINE ? NOW[1] : NOW[late].plus(given instanceof SagaInput.TimerFired
                ? Duration.ofHours(1)
                : Duration.ofMillis(100));
        Decision decision;
        try {
            decision = machine.decide(definition, saga, given, now, 1);
        } catch (RuntimeException e) {
            violation = "NOTHING_IS_THROWN: " + e + " by " + given + " to " + saga + "\n" + story(current);
            return new Outcome(-1, new int[0]);
        }
        Invariants.OfDecision broken = Invariants.brokenBy(definition, saga, given, decision);
        if (broken != null) {
            violation = broken + ": " + given + " to " + saga + " is " + decision + "\n" + story(current);
        }
        if (!(decision instanceof Decision.Moved moved)) {
            return new Outcome(-1, new int[0]);
        }
        int[] commands = moved.commands().stream()
                .mapToInt(command -> Message.of(
                        command, steps.indexOf(definition.step(command.step()).orElseThrow()), 0))
                .toArray();
        return new Outcome(id(timeless(moved.saga(), NOW[input == DEADLINE ? 1 : late])), commands);
    }

    private SagaInput input(int input) {
        if (input < TIMER) {
            return Message.input(input & ~(1 << 15), definition, Duration.ZERO);
        }
        return switch (input) {
            case START_IT -> new SagaInput.Started();
            case TIMER, DEADLINE -> new SagaInput.TimerFired();
            case CANCEL -> new SagaInput.CancelRequested("ann", "CUSTOMER", "Changed my mind.");
            case RETRY -> acted(new OperatorAction.Retry());
            case COMPENSATE -> acted(new OperatorAction.Compensate());
            case EXTEND -> acted(new OperatorAction.Extend(EXTENDED));
            default -> {
                String step = steps.get(input & 15).name();
                yield acted(
                        input >= RESOLVE_NOT_DONE
                                ? new OperatorAction.Resolve(step, false)
                                : input >= RESOLVE_DONE
                                        ? new OperatorAction.Resolve(step, true)
                                        : new OperatorAction.Skip(step));
            }
        };
    }

    private static SagaInput acted(OperatorAction action) {
        return new SagaInput.OperatorActed("olga", "Because.", action);
    }

    private int id(Saga saga) {
        return sagaIds.computeIfAbsent(saga, added -> {
            sagaStates.add(added);
            return sagaStates.size() - 1;
        });
    }

    /** The same saga without texts, and with times of which only the order is left. */
    private Saga timeless(Saga saga, Instant now) {
        long[] dues = steps.stream()
                .map(step -> due(saga.of(step), step))
                .filter(due -> due != Long.MAX_VALUE)
                .mapToLong(due -> due)
                .sorted()
                .distinct()
                .toArray();
        Map<String, Progress> progress = new LinkedHashMap<>();
        for (Step<?> step : steps) {
            Progress was = saga.of(step);
            if (was instanceof Progress.Pending) {
                continue;
            }
            long due = due(was, step);
            Instant later = now.plusSeconds(600)
                    .plusMillis(due == Long.MAX_VALUE ? 0 : Arrays.binarySearch(dues, due));
            Instant at = later.minus(step.patience().timeout());
            progress.put(step.name(), switch (was) {
                case Progress.Sent(int attempt, _) -> new Progress.Sent(attempt, at);
                case Progress.Compensating(int attempt, _) -> new Progress.Compensating(attempt, at);
                case Progress.Failed(int attempt, _) -> new Progress.Failed(attempt, later);
                case Progress.CompensationFailed(int attempt, _) -> new Progress.CompensationFailed(attempt, later);
                default -> was;
            });
        }
        Stuck stuck = saga.stuck();
        return new Saga(
                saga.phase(),
                saga.startedAt(),
                progress,
                new TreeMap<>(saga.forgiven()),
                saga.extension().isZero() ? Duration.ZERO : EXTENDED,
                new TreeMap<>(saga.captured()),
                saga.reason() == null ? null : new Reason("CODE", "", ""),
                stuck == null ? null : new Stuck(stuck.code(), stuck.step(), "", stuck.from()));
    }

    private static long due(Progress progress, Step<?> step) {
        return switch (progress) {
            case Progress.Sent(_, Instant at) -> at.plus(step.patience().timeout()).toEpochMilli();
            case Progress.Compensating(_, Instant at) ->
                at.plus(step.patience().timeout()).toEpochMilli();
            case Progress.Failed(_, Instant at) -> at.toEpochMilli();
            case Progress.CompensationFailed(_, Instant at) -> at.toEpochMilli();
            default -> Long.MAX_VALUE;
        };
    }

    /** Counts the ends, and looks for states from which no path without faults leads to one. */
    private Map<String, Integer> ends() {
        Map<String, Integer> ends = new TreeMap<>();
        boolean[] good = new boolean[store.size()];
        for (int state = 0; state < good.length; state++) {
            world.read(store, state);
            StringBuilder phases = new StringBuilder();
            good[state] = true;
            for (int s = 0; s < sagas; s++) {
                Phase phase = sagaStates.get(world.saga[s]).phase();
                good[state] &= !phase.isMoving();
                phases.append(s == 0 ? "" : " and ").append(phase);
            }
            if (good[state]) {
                ends.merge(phases.toString(), 1, Integer::sum);
            }
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int state = good.length - 1; state >= 0; state--) {
                int from = state == 0 ? 0 : fairEnds.get(state - 1);
                for (int edge = from; edge < fairEnds.get(state) && !good[state]; edge++) {
                    good[state] = good[fair.get(edge)];
                    changed |= good[state];
                }
            }
        }
        for (int state = 0; state < good.length && violation == null; state++) {
            if (!good[state]) {
                violation = "EVERY_SAGA_CAN_STILL_END_OR_REACH_A_PERSON\n" + story(state);
            }
        }
        return ends;
    }

    /** The states on a shortest path to this one. */
    private String story(int state) {
        List<String> lines = new ArrayList<>();
        ExploredWorld seen = new ExploredWorld(sagas, steps.size(), knowledge);
        for (int at = state; at >= 0; at = parents.get(at)) {
            seen.read(store, at);
            StringBuilder line = new StringBuilder("  ");
            for (int s = 0; s < sagas; s++) {
                Saga saga = sagaStates.get(seen.saga[s]);
                line.append(saga.phase()).append(' ').append(saga.progress());
                line.append(saga.reason() == null ? " " : " to be undone ").append(Arrays.toString(seen.known[s]));
            }
            for (int m = 0; m < seen.messages; m++) {
                line.append(m == 0 ? " under way: " : ", ").append(Message.text(seen.network[m], definition));
            }
            lines.add(line.toString());
        }
        return String.join("\n", lines.reversed());
    }
}
