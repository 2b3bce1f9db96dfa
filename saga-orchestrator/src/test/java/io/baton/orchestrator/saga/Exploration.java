package io.baton.orchestrator.saga;

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
 * <p>The machine is the production code. It is asked once for each saga's state and input, and its answer is kept, for it
 * is a function. Times are reduced to their order, and texts to whether there are any: nothing else of them matters to
 * it. A transaction that is undone before its commit leaves the world as it was, so such a crash needs no state of its
 * own; a crash after the commit says everything again that the transaction had to say.
 *
 * <p>From each state some path without further faults must lead to where each saga has ended or waits for a person.
 */
final class Exploration {

    /** How often each fault may happen along one path. */
    record Budget(int duplicates, int losses, int timeouts, int crashes, int operatorActions, int cancellations) {}

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
    private final SagaDefinition<?> definition;
    private final List<? extends Step<?>> steps;
    private final int sagas;
    private final int scarce;
    private final Budget budget;
    private final int mostStates;

    private final Map<Saga, Integer> sagaIds = new HashMap<>();
    private final List<Saga> sagaStates = new ArrayList<>();
    private final Map<Long, Outcome> outcomes = new HashMap<>();

    private final StateStore store = new StateStore();
    /** The states that follow without a fault, state by state; and for each state, where its ones end. */
    private final IntList fair = new IntList();

    private final IntList fairEnds = new IntList();
    private final IntList parents = new IntList();
    private final World world;
    private final World next;
    private final World back;
    private int current;
    private long moves;
    private @Nullable String violation;

    /** What the machine answers: the saga's next state, or -1 if it stays; and what is sent. */
    private record Outcome(int saga, int[] commands) {}

    /** @param scarceStep the step of which only one saga can have the effect; null if none is like that */
    Exploration(
            Machine machine,
            SagaDefinition<?> definition,
            int sagas,
            @Nullable String scarceStep,
            Budget budget,
            int mostStates) {
        this.machine = machine;
        this.definition = definition;
        this.steps = definition.steps();
        this.sagas = sagas;
        this.scarce = scarceStep == null
                ? -1
                : steps.indexOf(definition.step(scarceStep).orElseThrow());
        this.budget = budget;
        this.mostStates = mostStates;
        this.world = new World(sagas, steps.size());
        this.next = new World(sagas, steps.size());
        this.back = new World(sagas, steps.size());
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
        World first = next;
        first.clear();
        for (int s = 0; s < sagas; s++) {
            first.saga[s] = started.saga;
            for (int i = 0; i < steps.size(); i++) {
                first.effects[s][i] = steps.get(i).isGiven() ? Effect.DONE : Effect.NONE;
            }
            send(first, started.commands, s);
        }
        first.left[0] = budget.duplicates;
        first.left[1] = budget.losses;
        first.left[2] = budget.timeouts;
        first.left[3] = budget.crashes;
        first.left[4] = budget.operatorActions;
        first.left[5] = budget.cancellations;
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
        boolean quiet = !world.hasMessagesOf(s);
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
            Effect effect = world.effects[s][i];
            boolean took = goesBack ? effect.undone() == effect : effect == Effect.DONE;
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
        Effect effect = world.effects[s][i];
        if (Message.isCompensation(message)) {
            answer(message, taken, paid, effect.undone(), Message.DONE);
            answer(message, taken, paid, effect, Message.FAILED);
            return;
        }
        int remembered = effect.remembered();
        if (remembered >= 0) {
            answer(message, taken, paid, effect, remembered);
        } else if (Message.what(message) == Message.PROBE) {
            answer(message, taken, paid, effect, Message.FAILED);
        } else {
            boolean available = i != scarce || world.effects[1 - s][i] != Effect.DONE;
            if (available) {
                answer(message, taken, paid, Effect.DONE, Message.DONE);
            }
            answer(message, taken, paid, effect, Message.FAILED);
            boolean mayRefuse = steps.get(i).kind() != StepKind.RETRIABLE;
            answer(message, taken, paid, mayRefuse ? Effect.REFUSED : effect, Message.REFUSED);
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
    private void answer(int command, int taken, int paid, Effect effect, int what) {
        if (violation != null) {
            return;
        }
        for (int crashed = 0; crashed <= 1 && crashed <= world.left[3]; crashed++) {
            prepare(taken, paid);
            next.effects[Message.saga(command)][Message.step(command)] = effect;
            next.left[3] -= crashed;
            for (int copy = 0; copy <= crashed; copy++) {
                next.add(Message.answer(command, what));
            }
            reached(paid < 0 && crashed == 0);
        }
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

    private static void send(World into, int[] commands, int s) {
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
                    Invariants.brokenIn(definition, sagaStates.get(next.saga[s]), next.effects[s]);
            if (broken != null) {
                violation = broken + "\n" + story(state);
                return;
            }
        }
        if (scarce >= 0 && next.effects[0][scarce] == Effect.DONE && next.effects[1][scarce] == Effect.DONE) {
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
        World seen = new World(sagas, steps.size());
        for (int at = state; at >= 0; at = parents.get(at)) {
            seen.read(store, at);
            StringBuilder line = new StringBuilder("  ");
            for (int s = 0; s < sagas; s++) {
                Saga saga = sagaStates.get(seen.saga[s]);
                line.append(saga.phase()).append(' ').append(saga.progress());
                line.append(saga.reason() == null ? " " : " to be undone ").append(Arrays.toString(seen.effects[s]));
            }
            for (int m = 0; m < seen.messages; m++) {
                line.append(m == 0 ? " under way: " : ", ").append(Message.text(seen.network[m], definition));
            }
            lines.add(line.toString());
        }
        return String.join("\n", lines.reversed());
    }

    /** One state of the world, taken apart. */
    private static final class World {

        final int[] saga;
        final int[] late;
        final Effect[][] effects;
        /** Of each fault, how many are left. */
        final int[] left = new int[6];
        /** In order, so that the same messages are always the same state. */
        final int[] network = new int[64];

        int messages;
        private final byte[] bytes;

        World(int sagas, int steps) {
            saga = new int[sagas];
            late = new int[sagas];
            effects = new Effect[sagas][steps];
            bytes = new byte[sagas * (5 + steps) + left.length + 2 * network.length];
        }

        void clear() {
            messages = 0;
        }

        void copy(World other) {
            System.arraycopy(other.saga, 0, saga, 0, saga.length);
            System.arraycopy(other.late, 0, late, 0, late.length);
            for (int s = 0; s < effects.length; s++) {
                System.arraycopy(other.effects[s], 0, effects[s], 0, effects[s].length);
            }
            System.arraycopy(other.left, 0, left, 0, left.length);
            System.arraycopy(other.network, 0, network, 0, other.messages);
            messages = other.messages;
        }

        void add(int message) {
            int at = messages++;
            while (at > 0 && network[at - 1] > message) {
                network[at] = network[at - 1];
                at--;
            }
            network[at] = message;
        }

        void take(int at) {
            messages--;
            System.arraycopy(network, at + 1, network, at, messages - at);
        }

        boolean hasMessagesOf(int s) {
            for (int m = 0; m < messages; m++) {
                if (Message.saga(network[m]) == s) {
                    return true;
                }
            }
            return false;
        }

        /** Whether an action that has not taken effect still may. */
        boolean canStillHappen(int s, int step) {
            if (effects[s][step] != Effect.NONE) {
                return false;
            }
            for (int m = 0; m < messages; m++) {
                int message = network[m];
                if (Message.saga(message) == s
                        && Message.step(message) == step
                        && Message.what(message) == Message.COMMAND
                        && !Message.isCompensation(message)) {
                    return true;
                }
            }
            return false;
        }

        int write(StateStore store) {
            int length = 0;
            for (int s = 0; s < saga.length; s++) {
                bytes[length++] = (byte) (saga[s] >> 8);
                bytes[length++] = (byte) saga[s];
                int packed = late[s];
                for (int i = 0; i < effects[s].length; i++) {
                    packed = packed << 3 | effects[s][i].ordinal();
                }
                bytes[length++] = (byte) (packed >> 16);
                bytes[length++] = (byte) (packed >> 8);
                bytes[length++] = (byte) packed;
            }
            bytes[length++] = (byte) (left[0] << 6 | left[1] << 4 | left[2] << 2 | left[3]);
            bytes[length++] = (byte) (left[4] << 4 | left[5]);
            for (int m = 0; m < messages; m++) {
                bytes[length++] = (byte) (network[m] >> 8);
                bytes[length++] = (byte) network[m];
            }
            return store.add(bytes, length);
        }

        void read(StateStore store, int state) {
            int length = store.get(state, bytes);
            int at = 0;
            for (int s = 0; s < saga.length; s++) {
                saga[s] = (bytes[at] & 255) << 8 | bytes[at + 1] & 255;
                int packed = (bytes[at + 2] & 255) << 16 | (bytes[at + 3] & 255) << 8 | bytes[at + 4] & 255;
                for (int i = effects[s].length - 1; i >= 0; i--) {
                    effects[s][i] = Effect.at(packed & 7);
                    packed >>= 3;
                }
                late[s] = packed;
                at += 5;
            }
            for (int b = 0; b < 4; b++) {
                left[b] = bytes[at] >> 6 - 2 * b & 3;
            }
            left[4] = bytes[at + 1] >> 4;
            left[5] = bytes[at + 1] & 15;
            at += 2;
            for (messages = 0; at < length; at += 2) {
                network[messages++] = (bytes[at] & 255) << 8 | bytes[at + 1] & 255;
            }
        }
    }
}
