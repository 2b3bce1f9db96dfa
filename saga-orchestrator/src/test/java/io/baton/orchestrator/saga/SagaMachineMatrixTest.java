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
import org.junit.jupiter.api.Test;

/**
 * What follows from every input in every state. The expectations are the table {@code matrix.txt}, one line a cell,
 * which people read and change by hand; the states are found by letting everything happen to a saga, so a state or an
 * input that the table does not have fails the test.
 */
class SagaMachineMatrixTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final SagaDefinition<Sample.Wish> DEFINITION = Sample.small(2);

    @Test
    void every_input_in_every_state_leads_where_the_table_says() throws IOException {
        Map<String, String> expected = table();
        Map<String, String> actual = new LinkedHashMap<>();
        states().forEach((name, saga) -> inputs().forEach((input, value) ->
                actual.put(name + " | " + input, outcome(saga, value.apply(saga)))));

        System.out.println("Cells of the matrix: " + actual.size());
        assertThat(actual.keySet().stream().filter(cell -> !expected.containsKey(cell)))
                .as("cells that the table does not have")
                .isEmpty();
        assertThat(expected.keySet().stream().filter(cell -> !actual.containsKey(cell)))
                .as("cells that the table has in vain")
                .isEmpty();
        List<String> wrong = actual.keySet().stream()
                .filter(cell -> !actual.get(cell).equals(expected.get(cell)))
                .map(cell -> cell + "\n  should be: " + expected.get(cell) + "\n  but is:    " + actual.get(cell))
                .toList();
        assertThat(wrong).isEmpty();
    }

    @Test
    void nothing_is_thrown_by_a_state_that_cannot_be() {
        Step<?> a = DEFINITION.step("a").orElseThrow();
        Saga broken = Saga.unstarted(START).with(a, new Progress.Unknown(1));
        assertThat(SagaMachine.decide(DEFINITION, broken, new SagaInput.TimerFired(), START.plusSeconds(99), 0))
                .isInstanceOfSatisfying(Decision.Moved.class, moved -> assertThat(
                                Objects.requireNonNull(moved.saga().stuck()).code())
                        .isEqualTo(Stuck.Code.INVARIANT_BROKEN));
    }

    private interface InputOf {
        Timed apply(Saga saga);
    }

    private record Timed(SagaInput input, Instant at) {}

    /** The inputs, by name. Times are relative to when the saga is due. */
    private static Map<String, InputOf> inputs() {
        Map<String, InputOf> inputs = new LinkedHashMap<>();
        inputs.put("started", saga -> new Timed(new SagaInput.Started(), early(saga)));
        for (Step<?> step : DEFINITION.steps()) {
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
                                        null),
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
        inputs.put("unknown step done", saga ->
                new Timed(ReplyArrived.done("nowhere", Direction.ACTION, 1), early(saga)));
        inputs.put("timer before it is due", saga -> new Timed(new SagaInput.TimerFired(), early(saga)));
        inputs.put("timer", saga -> new Timed(new SagaInput.TimerFired(), due(saga)));
        inputs.put("timer after the deadline", saga ->
                new Timed(new SagaInput.TimerFired(), later(due(saga), START.plus(DEFINITION.deadline()))));
        inputs.put("cancel", saga ->
                new Timed(new SagaInput.CancelRequested("ann", "CUSTOMER", "Changed my mind."), early(saga)));
        return inputs;
    }

    private static InputOf acting(OperatorAction action) {
        return saga -> new Timed(new SagaInput.OperatorActed("olga", "Because.", action), early(saga));
    }

    private static Instant due(Saga saga) {
        Instant due = saga.dueAt(DEFINITION);
        return due == null ? START : due;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant early(Saga saga) {
        return due(saga).minusMillis(1);
    }

    private static int attempt(Progress progress) {
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
    private static Map<String, Saga> states() {
        Map<String, Saga> found = new TreeMap<>();
        Deque<Saga> open = new ArrayDeque<>();
        open.add(Saga.unstarted(START));
        // A reply may also overtake everything when steps run side by side, so this one is given by hand.
        open.add(new Saga(
                Phase.COMPENSATING,
                START,
                Map.of("given", new Progress.Compensating(1, START), "a", new Progress.Unknown(2)),
                Map.of(),
                Map.of(),
                new Reason("CODE", "a", "Message."),
                null));
        while (!open.isEmpty()) {
            Saga saga = open.remove();
            if (found.putIfAbsent(name(saga), saga) != null) {
                continue;
            }
            assertThat(found).as("states, of which there are finitely many").hasSizeLessThan(5_000);
            for (InputOf input : inputs().values()) {
                Timed timed = input.apply(saga);
                if (SagaMachine.decide(DEFINITION, saga, timed.input(), timed.at(),
                        1) instanceof Decision.Moved moved) {
                    open.add(moved.saga());
                }
            }
        }
        return found;
    }

    private static String name(Saga saga) {
        StringBuilder name = new StringBuilder(saga.phase().name());
        Stuck stuck = saga.stuck();
        if (stuck != null) {
            name.append(' ').append(stuck.code()).append(" from ").append(stuck.from());
        }
        for (Step<?> step : DEFINITION.steps()) {
            Progress progress = saga.of(step);
            if (!(progress instanceof Progress.Pending)) {
                name.append(' ').append(step.name()).append('=').append(progress.getClass().getSimpleName());
                if (progress.toString().contains("attempt=")) {
                    name.append(saga.counted(step, attempt(progress)));
                }
            }
        }
        if (saga.phase() == Phase.FORWARD && saga.reason() != null) {
            name.append(" to be undone");
        }
        return name.toString();
    }

    private static String outcome(Saga saga, Timed timed) {
        return switch (SagaMachine.decide(DEFINITION, saga, timed.input(), timed.at(), 1)) {
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
                                DEFINITION.step(command.step()).orElseThrow(), command.attempt())));
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
    private static Map<String, String> table() throws IOException {
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
    private static String usual(String input) {
        return input.startsWith("operator") || input.equals("cancel") ? "refused" : "ignored";
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = SagaMachineMatrixTest.class.getResourceAsStream("/saga/matrix.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }

    /** Prints the table as the machine has it now, to be compared line by line with what it should be. */
    static void main() {
        System.out.println("# What follows from every input in every state. What is not listed is ignored, and a wish refused.");
        System.out.println("# The steps: given (was done before), a (can be undone), p (pivot), r (after it). Two "
                + "attempts.");
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
}
