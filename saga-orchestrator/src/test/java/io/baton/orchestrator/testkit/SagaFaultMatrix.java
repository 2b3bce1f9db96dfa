package io.baton.orchestrator.testkit;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.baton.contract.MessageType;
import io.baton.contract.OrderId;
import io.baton.contract.Outcome;
import io.baton.orchestrator.execution.ExecutionBench;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.Reaction;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Step;
import io.baton.orchestrator.saga.StepPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/**
 * Everything that can go wrong with each command of a saga, as dynamic tests: the real executor and timers on a real
 * database on one side, the real messaging before handlers that note their effects, on another database, on the other.
 * What must come of each cell follows from the definition. To put it on a saga of your own:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicNode> whatever_goes_wrong() {
 *     return SagaFaultMatrix.of(MySaga.definition(), MySagaTest::dataOf).cells();
 * }
 * }</pre>
 *
 * <p>Steps keep their kinds, reactions and order. Their patience is cut to ten seconds and three attempts at most, and
 * the saga's bounds are widened, so that patience ends before the saga does.
 *
 * @param <D> what the saga knows
 */
public final class SagaFaultMatrix<D extends Record> {

    private static final int ATTEMPTS = 3;
    private static final Duration LONG = Duration.ofDays(30);

    private final SagaDefinition<D> definition;
    private final Function<OrderId, D> data;
    private final Map<Class<?>, Outcome> answers = new HashMap<>();
    private final List<MessageType> further = new ArrayList<>();

    private SagaFaultMatrix(SagaDefinition<D> definition, Function<OrderId, D> data) {
        this.definition = definition;
        this.data = data;
    }

    /** @param data makes what a saga knows; its business key must be the id's value */
    public static <D extends Record> SagaFaultMatrix<D> of(SagaDefinition<D> definition, Function<OrderId, D> data) {
        SagaDefinition<D> patient = definition.withBounds(LONG, LONG);
        for (Step<D> step : definition.steps()) {
            patient = patient.withPolicy(
                    step.name(),
                    new StepPolicy(
                            Duration.ofSeconds(10),
                            Math.min(ATTEMPTS, step.patience().attempts()),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(5)));
        }
        return new SagaFaultMatrix<>(patient, data);
    }

    /** What the participant answers to a command, where a step keeps it for its compensation. */
    public SagaFaultMatrix<D> answering(Class<? extends Record> command, Outcome answer) {
        answers.put(command, answer);
        return this;
    }

    /** Messages that the saga uses beside those of the contract. */
    public SagaFaultMatrix<D> knowing(Collection<MessageType> messages) {
        further.addAll(messages);
        return this;
    }

    /** Tries one cell after another, up to the first that does not hold, and says which it is and why; "" if all hold. */
    public String firstBroken() {
        List<String> broken = new ArrayList<>();
        try (ExecutionBench bench = bench();
                Participants participants = new Participants(definition, answers, further)) {
            FaultyRun<D> run = new FaultyRun<>(definition, data, bench, participants);
            each((row, cell, end) -> {
                if (broken.isEmpty()) {
                    try {
                        run.check(cell, end);
                    } catch (RuntimeException | AssertionError e) {
                        broken.add("'" + row + " " + cell.fault() + "': " + firstLines(e));
                    }
                }
            });
        }
        return broken.isEmpty() ? "" : broken.getFirst();
    }

    private static String firstLines(Throwable e) {
        return String.valueOf(e.getMessage()).strip().lines().limit(2).collect(Collectors.joining(" "));
    }

    private ExecutionBench bench() {
        ExecutionBench bench = ExecutionBench.pooled();
        bench.know(further);
        bench.use(List.of(definition));
        return bench;
    }

    /** The tests, one container for each command; their number is printed when they have run. */
    public Stream<DynamicNode> cells() {
        ExecutionBench bench = bench();
        Participants participants = new Participants(definition, answers, further);
        FaultyRun<D> run = new FaultyRun<>(definition, data, bench, participants);
        AtomicInteger count = new AtomicInteger();
        Map<String, List<DynamicTest>> rows = new LinkedHashMap<>();
        each((row, cell, end) -> rows.computeIfAbsent(row, _ -> new ArrayList<>())
                .add(dynamicTest(cell.fault() + " -> " + told(end), () -> {
                    run.check(cell, end);
                    count.incrementAndGet();
                })));
        return rows.entrySet().stream()
                .map(row -> (DynamicNode) dynamicContainer(row.getKey(), row.getValue()))
                .onClose(() -> {
                    participants.close();
                    bench.close();
                    System.out.println("Fault matrix of " + definition.name() + ": " + count + " cells hold of "
                            + rows.values().stream().mapToInt(List::size).sum());
                });
    }

    private interface Sink {
        void take(String row, Cell cell, ExpectedEnd end);
    }

    private void each(Sink sink) {
        for (Fault fault : List.of(Fault.COMMAND_TWICE, Fault.REPLY_TWICE)) {
            sink.take("every command", new Cell(null, Direction.ACTION, fault, null), ExpectedEnd.completed());
        }
        for (Step<D> step : definition.steps()) {
            if (step.isGiven()) {
                continue;
            }
            for (Fault fault : Fault.values()) {
                sink.take(
                        step.name(),
                        new Cell(step, Direction.ACTION, fault, null),
                        ExpectedEnd.ofAction(step, fault));
            }
        }
        Step<D> turning = turning();
        if (turning == null) {
            return;
        }
        for (Fault fault : List.of(Fault.COMMAND_TWICE, Fault.REPLY_TWICE)) {
            sink.take(
                    "every command, with '" + turning.name() + "' refused",
                    new Cell(null, Direction.COMPENSATION, fault, turning),
                    new ExpectedEnd("COMPENSATED", null, turning));
        }
        for (Step<D> step : definition.steps()) {
            boolean undone = step.compensation() != null
                    && ExpectedEnd.stageOf(definition, step) < ExpectedEnd.stageOf(definition, turning);
            if (!undone) {
                continue;
            }
            for (Fault fault : Fault.values()) {
                sink.take(
                        "undoing " + step.name(),
                        new Cell(step, Direction.COMPENSATION, fault, turning),
                        ExpectedEnd.ofCompensation(step, fault, turning));
            }
        }
    }

    /** The last step whose refusal turns the saga back. */
    private @Nullable Step<D> turning() {
        return definition.steps().reversed().stream()
                .filter(step -> !step.isGiven() && step.reactions().onRefusal() == Reaction.COMPENSATE)
                .findFirst()
                .orElse(null);
    }

    private static String told(ExpectedEnd end) {
        return end.stuck() == null ? end.state() : end.state() + " " + end.stuck();
    }
}
