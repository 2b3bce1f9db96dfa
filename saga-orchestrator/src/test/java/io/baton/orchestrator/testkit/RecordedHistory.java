package io.baton.orchestrator.testkit;

import io.baton.orchestrator.saga.CommandToSend;
import io.baton.orchestrator.saga.Decision;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.Saga;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.SagaInput;
import io.baton.orchestrator.saga.SagaInput.Kind;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import io.baton.orchestrator.saga.SagaMachine;
import io.baton.orchestrator.saga.Step;
import io.baton.orchestrator.saga.StepPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one saga was told, and what followed, as a line of JSON.
 *
 * @param data what the saga knows
 */
record RecordedHistory(String name, JsonNode data, List<Turn> turns) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final double JITTER = 0.5;
    private static final int HISTORIES = 60;
    private static final int LONGEST = 24;

    private static final List<Class<? extends SagaInput>> INPUTS = List.of(
            SagaInput.Started.class,
            ReplyArrived.class,
            SagaInput.ReplyUnreadable.class,
            SagaInput.TimerFired.class,
            SagaInput.CancelRequested.class);

    /** The first line of a file: whose histories they are, and how patient it was. */
    record Header(
            String definition,
            int version,
            Duration deadline,
            Duration commandExpiry,
            Map<String, StepPolicy> patience) {

        /** Patience may change under a version; what is sent when it is spent may not. */
        SagaDefinition<?> applyTo(SagaDefinition<?> now) {
            SagaDefinition<?> then = now.withBounds(deadline, commandExpiry);
            for (Map.Entry<String, StepPolicy> step : patience.entrySet()) {
                then = then.withPolicy(step.getKey(), step.getValue());
            }
            return then;
        }
    }

    /** One input and what followed. */
    record Turn(long atMillis, String kind, JsonNode input, String state, List<Sent> sent) {}

    /** One command. */
    record Sent(CommandToSend command, String type, JsonNode body) {}

    static Header header(String line) {
        return JSON.readValue(line, Header.class);
    }

    static RecordedHistory read(String line) {
        return JSON.readValue(line, RecordedHistory.class);
    }

    /** What was recorded, a line of JSON each turn. */
    List<String> told() {
        return turns.stream().map(JSON::writeValueAsString).toList();
    }

    /** What follows from the same inputs now, in the same form. */
    List<String> replayed(SagaDefinition<?> definition) {
        Teller<?> teller = new Teller<>(definition, data);
        for (Turn turn : turns) {
            Class<? extends SagaInput> kind = INPUTS.stream()
                    .filter(type -> type.getSimpleName().equals(turn.kind()))
                    .findFirst()
                    .orElseThrow();
            teller.tell(turn.atMillis(), JSON.treeToValue(turn.input(), kind));
        }
        return teller.turns.stream().map(JSON::writeValueAsString).toList();
    }

    /** A file of histories: those of many random ones in which something happens that happened in none before. */
    static List<String> recorded(SagaDefinition<?> definition, Record data) {
        Map<String, StepPolicy> patience = new LinkedHashMap<>();
        definition.steps().forEach(step -> patience.put(step.name(), step.patience()));
        List<String> lines = new ArrayList<>();
        lines.add(JSON.writeValueAsString(new Header(
                definition.name(),
                definition.version(),
                definition.deadline(),
                definition.commandExpiry(),
                patience)));
        Set<String> seen = new LinkedHashSet<>();
        for (long seed = 0; lines.size() <= HISTORIES && seed < 20_000; seed++) {
            Teller<?> teller = new Teller<>(definition, JSON.valueToTree(data));
            wander(teller, new SplittableRandom(seed));
            if (seen.addAll(teller.happenings())) {
                lines.add(JSON.writeValueAsString(
                        new RecordedHistory("seed " + seed, JSON.valueToTree(data), teller.turns)));
            }
        }
        return lines;
    }

    private static void wander(Teller<?> teller, SplittableRandom random) {
        long at = 0;
        teller.tell(at, new SagaInput.Started());
        int trouble = random.nextInt(10);
        for (int i = 0; i < LONGEST && !teller.saga.phase().isFinal(); i++) {
            at += random.nextInt(3_000);
            Instant due = teller.saga.dueAt(teller.definition);
            int what = random.nextInt(20);
            CommandToSend last = teller.commands.getLast();
            if (what == 0) {
                teller.tell(at, new SagaInput.CancelRequested("/order-service", "CANCELLED_BY_CUSTOMER", "No more."));
            } else if (what == 1) {
                CommandToSend any = teller.commands.get(random.nextInt(teller.commands.size()));
                teller.tell(at, ReplyArrived.done(any.step(), any.direction(), any.attempt()));
            } else if (what == 2) {
                teller.tell(at, new SagaInput.ReplyUnreadable(
                        last.step(), last.direction(), last.attempt(), "it has no code"));
            } else if (what == 3) {
                teller.tell(at, answer(last, Kind.REFUSED, 0));
            } else if (what < 4 + trouble && due != null) {
                at = Math.max(at, Duration.between(START, due).toMillis());
                teller.tell(at, new SagaInput.TimerFired());
            } else if (what < 6 + trouble) {
                teller.tell(at, answer(last, Kind.FAILED, random.nextInt(2) * 5_000));
            } else {
                teller.tell(at, ReplyArrived.done(last.step(), last.direction(), last.attempt()));
            }
        }
    }

    private static ReplyArrived answer(CommandToSend to, Kind kind, int pause) {
        return new ReplyArrived(
                to.step(), to.direction(), to.attempt(), kind, "CODE", "Words.", Duration.ofMillis(pause), null);
    }

    /** Gives a saga its inputs and notes what follows. */
    private static final class Teller<D extends Record> {

        final SagaDefinition<D> definition;
        final List<Turn> turns = new ArrayList<>();
        final List<CommandToSend> commands = new ArrayList<>();
        private final D data;
        Saga saga = Saga.unstarted(START);

        Teller(SagaDefinition<D> definition, JsonNode data) {
            this.definition = definition;
            this.data = JSON.treeToValue(data, definition.dataType());
        }

        void tell(long atMillis, SagaInput input) {
            List<CommandToSend> sent = List.of();
            if (SagaMachine.decide(definition, saga, input, START.plusMillis(atMillis), JITTER)
                    instanceof Decision.Moved moved) {
                saga = moved.saga();
                sent = moved.commands();
            }
            commands.addAll(sent);
            turns.add(new Turn(
                    atMillis,
                    input.getClass().getSimpleName(),
                    JSON.valueToTree(input),
                    saga.stateName(definition),
                    sent.stream().map(this::sent).toList()));
        }

        /** State, input and what was sent, one turn after the other: what makes a history unlike another. */
        Set<String> happenings() {
            Set<String> all = new LinkedHashSet<>();
            String state = "";
            for (Turn turn : turns) {
                String sent = String.join(",", turn.sent().stream().map(Sent::type).toList());
                all.add(state + " " + turn.kind() + " " + turn.input().path("kind").asString("") + " "
                        + turn.state() + " " + sent);
                state = turn.state();
            }
            return all;
        }

        private Sent sent(CommandToSend command) {
            Step<D> step = definition.step(command.step()).orElseThrow();
            Record body = command.direction() == Direction.ACTION
                    ? Objects.requireNonNull(step.action()).body().apply(data)
                    : Objects.requireNonNull(step.compensation())
                            .command(data, Objects.requireNonNull(saga.reason()), kept(step));
            return new Sent(command, body.getClass().getSimpleName(), JSON.valueToTree(body));
        }

        private @Nullable Record kept(Step<D> step) {
            String answer = saga.captured().get(step.name());
            Class<? extends Record> kind = step.captures();
            return answer == null || kind == null ? null : JSON.readValue(answer, kind);
        }
    }
}
