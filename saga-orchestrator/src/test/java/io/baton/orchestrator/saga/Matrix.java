package io.baton.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.orchestrator.saga.SagaInput.Kind;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** A definition, every state that a saga of it can be in, every input, and the table of what follows. */
final class Matrix {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    static final Matrix ONE_BY_ONE = new Matrix(
            "matrix.txt",
            "given (was done before), a (can be undone), p (pivot), r (after it). Two attempts.",
            Sample.small(2),
            true,
            Saga.unstarted(START),
            // A reply may also overtake everything when steps run side by side, so this one is given by hand.
            new Saga(
                    Phase.COMPENSATING,
                    START,
                    Map.of("given", new Progress.Compensating(1, START), "a", new Progress.Unknown(2)),
                    Map.of(),
                    Duration.ZERO,
                    Map.of(),
                    new Reason("CODE", "a", "Message."),
                    null));

    /** What only an operator leads to has no lines of its own, so that the table stays short enough to be read. */
    static final Matrix IN_PARALLEL = new Matrix(
            "matrix-parallel.txt",
            "given (was done before), x and y together (x keeps its answer and is undone after silence; y is undone after a "
                    + "failure and stuck after silence), p (pivot; asked about after silence), r and s together (s is "
                    + "stuck after a refusal). One attempt, p two. States to which only an operator leads are left out.",
            Sample.parallel(1),
            false,
            Saga.unstarted(START));

    final String table;
    private final String steps;
    private final SagaDefinition<?> definition;
    private final boolean operatorsLeadOn;
    private final List<Saga> given;

    /**
     * @param steps the definition in words
     * @param operatorsLeadOn whether states that only an operator leads to have lines of their own
     * @param given states to begin with
     */
    private Matrix(
            String table, String steps, SagaDefinition<?> definition, boolean operatorsLeadOn, Saga... given) {
        this.table = table;
        this.steps = steps;
        this.definition = definition;
        this.operatorsLeadOn = operatorsLeadOn;
        this.given = List.of(given);
    }

    Map<String, String> cells() {
        Map<String, String> cells = new LinkedHashMap<>();
        states().forEach((name, saga) -> inputs()
                .forEach((input, value) -> cells.put(name + " | " + input, outcome(saga, value.apply(saga)))));
        return cells;
    }

    private interface InputOf {
        Timed apply(Saga saga);
    }

    private record Timed(SagaInput input, Instant at) {}

    /** The inputs, by name. Times are relative to when the saga is due. */
    private Map<String, InputOf> inputs() {
        Map<String, InputOf> inputs = new LinkedHashMap<>();
        inputs.put("started", saga -> new Timed(new SagaInput.Started(), early(saga)));
        for (Step<?> step : definition.steps()) {
            for (Direction direction : Direction.values()) {
                for (Kind kind : Kind.values()) {
                    for (String which : new String[] {"newest", "older"}) {
                        String name = step.name() + (direction == Direction.ACTION ? "" : " compensation") + " "
                                + kind.name().toLowerCase() + (which.equals("newest") ? "" : " (older attempt)");
                        inputs.put(name, saga -> new Timed(
                                new ReplyArrived(
                                        step.name(),
                                        direction,
                                        attempt(saga.of(step)) - (which.equals("older") ? 1 : 0),
                                        kind,
                                        "CODE",
                                        "Message.",
                                        Duration.ZERO,
                                        kind == Kind.DONE && step.captures() != null ? "answer" : null),
                                due(saga).minusSeconds(5)));
                    }
                }
                inputs.put(
                        step.name() + (direction == Direction.ACTION ? "" : " compensation") + " unreadable",
                        saga -> new Timed(
                                new SagaInput.ReplyUnreadable(
                                        step.name(), direction, attempt(saga.of(step)), "Message."),
                                early(saga)));
            }
            inputs.put("operator skips " + step.name(), acting(new OperatorAction.Skip(step.name())));
            inputs.put("operator resolves " + step.name() + " as done",
                    acting(new OperatorAction.Resolve(step.name(), true)));
            inputs.put("operator resolves " + step.name() + " as not done",
                    acting(new OperatorAction.Resolve(step.name(), false)));
        }
        inputs.put("operator retries", acting(new OperatorAction.Retry()));
        inputs.put("operator compensates", acting(new OperatorAction.Compensate()));
        inputs.put("operator extends", acting(new OperatorAction.Extend(Duration.ofMinutes(1))));
        inputs.put("unknown step done", saga ->
                new Timed(ReplyArrived.done("nowhere", Direction.ACTION, 1), early(saga)));
        inputs.put("timer before it is due", saga -> new Timed(new SagaInput.TimerFired(), early(saga)));
        inputs.put("timer", saga -> new Timed(new SagaInput.TimerFired(), due(saga)));
        inputs.put("timer after the deadline", saga ->
                new Timed(new SagaInput.TimerFired(), later(due(saga), START.plus(definition.deadline()))));
        inputs.put("cancel", saga ->
                new Timed(new SagaInput.CancelRequested("ann", "CUSTOMER", "Changed my mind."), early(saga)));
        return inputs;
    }

    private InputOf acting(OperatorAction action) {
        return saga -> new Timed(new SagaInput.OperatorActed("olga", "Because.", action), early(saga));
    }

    private Instant due(Saga saga) {
        Instant due = saga.dueAt(definition);
        return due == null ? START : due;
    }

    private Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private Instant early(Saga saga) {
        return due(saga).minusMillis(1);
    }

    private int attempt(Progress progress) {
        return switch (progress) {
            case Progress.Sent(int attempt, _) -> attempt;
            case Progress.Failed(int attempt, _) -> attempt;
            case Progress.Unknown(int attempt) -> attempt;
            case Progress.Compensating(int attempt, _) -> attempt;
            case Progress.CompensationFailed(int attempt, _) -> attempt;
            default -> 1;
        };
    }

    /** Every state that anything can lead to, by a name that leaves out times and texts. */
    Map<String, Saga> states() {
        Map<String, Saga> found = new TreeMap<>();
        Deque<Saga> open = new ArrayDeque<>(given);
        Map<String, InputOf> leading = new LinkedHashMap<>(inputs());
        leading.keySet().removeIf(input -> !operatorsLeadOn && input.startsWith("operator"));
        while (!open.isEmpty()) {
            Saga saga = open.remove();
            if (found.putIfAbsent(name(saga), saga) != null) {
                continue;
            }
            assertThat(found).as("states, of which there are finitely many").hasSizeLessThan(5_000);
            for (InputOf input : leading.values()) {
                Timed timed = input.apply(saga);
                if (decide(saga, timed) instanceof Decision.Moved moved) {
                    open.add(moved.saga());
                }
            }
        }
        return found;
    }

    private Decision decide(Saga saga, Timed timed) {
        return SagaMachine.decide(definition, saga, timed.input(), timed.at(), 1);
    }

    private String name(Saga saga) {
        StringBuilder name = new StringBuilder(saga.phase().name());
        Stuck stuck = saga.stuck();
        if (stuck != null) {
            name.append(' ').append(stuck.code()).append(" from ").append(stuck.from());
        }
        for (Step<?> step : definition.steps()) {
            Progress progress = saga.of(step);
            if (!(progress instanceof Progress.Pending)) {
                name.append(' ').append(step.name()).append('=').append(progress.getClass().getSimpleName());
                if (progress.toString().contains("attempt=")) {
                    name.append(saga.counted(step, attempt(progress)));
                }
            }
        }
        saga.captured().keySet().forEach(step -> name.append(" keeps ").append(step));
        if (saga.phase() == Phase.FORWARD && saga.reason() != null) {
            name.append(" to be undone");
        }
        return name.toString();
    }

    private String outcome(Saga saga, Timed timed) {
        return switch (decide(saga, timed)) {
            case Decision.Ignored _ -> "ignored";
            case Decision.Refused _ -> "refused";
            case Decision.Moved moved -> {
                StringBuilder text = new StringBuilder(moved.log().outcome()).append(" -> ").append(name(moved.saga()));
                moved.commands().forEach(command -> text.append(", send ")
                        .append(command.step())
                        .append(command.direction() == Direction.ACTION ? "" : " compensation")
                        .append(command.probe() ? " probe" : "")
                        .append(' ')
                        .append(moved.saga().counted(
                                definition.step(command.step()).orElseThrow(), command.attempt())));
                if (moved.saga().reason() != null && saga.reason() == null) {
                    text.append(", because ").append(moved.saga().reason().code());
                }
                if (moved.wakeUp() != null) {
                    text.append(moved.wakeUp().equals(Instant.MAX) ? ", no more timers" : ", wake up early");
                }
                yield text.toString();
            }
        };
    }

    /**
     * The table: a line {@code inputs: } with all inputs, then for each state a line, and indented below it a line
     * {@code input : outcome} for each input that leads to anything but the usual.
     */
    Map<String, String> table() throws IOException {
        Map<String, String> cells = new LinkedHashMap<>();
        Set<String> all = new LinkedHashSet<>();
        String state = "";
        for (String line : lines()) {
            if (line.startsWith("inputs: ")) {
                all.addAll(List.of(line.substring("inputs: ".length()).split(", ")));
            } else if (!line.startsWith(" ")) {
                state = line.strip();
                for (String input : all) {
                    cells.put(state + " | " + input, usual(input));
                }
            } else {
                int colon = line.indexOf(" : ");
                String cell = state + " | " + line.substring(0, colon).strip();
                assertThat(cells).as("inputs: must list every input").containsKey(cell);
                cells.put(cell, line.substring(colon + 3).strip());
            }
        }
        return cells;
    }

    /** What follows unless the table says otherwise. */
    private String usual(String input) {
        return input.startsWith("operator") || input.equals("cancel") ? "refused" : "ignored";
    }

    private List<String> lines() throws IOException {
        try (InputStream in = Matrix.class.getResourceAsStream("/saga/" + table)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }

    /** Prints the table as the machine has it now, to be compared line by line with what it should be. */
    private void print() {
        System.out.println("# What follows from every input in every state. What is not listed is ignored, and a wish "
                + "refused.");
        System.out.println("# The steps: " + steps);
        System.out.println("inputs: " + String.join(", ", inputs().keySet()));
        states().forEach((name, saga) -> {
            System.out.println();
            System.out.println(name);
            inputs().forEach((input, value) -> {
                String outcome = outcome(saga, value.apply(saga));
                if (!outcome.equals(usual(input))) {
                    System.out.println("  " + input + " : " + outcome);
                }
            });
        });
    }

    /** {@link #print} of {@code matrix.txt}, or of {@code matrix-parallel.txt} if anything is given. */
    static void main(String... args) {
        (args.length == 0 ? ONE_BY_ONE : IN_PARALLEL).print();
    }
}
