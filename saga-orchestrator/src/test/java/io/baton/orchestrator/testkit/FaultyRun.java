package io.baton.orchestrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.Contract;
import io.baton.contract.MessageHeaders;
import io.baton.contract.MessageType;
import io.baton.contract.OrderId;
import io.baton.contract.Topics;
import io.baton.messaging.BatchDriver.Mishap;
import io.baton.messaging.BatchDriver.Said;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.execution.ExecutionBench;
import io.baton.orchestrator.execution.SagaQueries.LogLine;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.Saga;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Step;
import io.baton.orchestrator.testkit.Participants.Behaviour;
import io.baton.orchestrator.testkit.Participants.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Runs one saga after the other to its end, each with its fault, and looks at what is left. */
final class FaultyRun<D extends Record> {

    private static final int LONGEST = 300;

    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private final SagaDefinition<D> definition;
    private final Function<OrderId, D> data;
    private final ExecutionBench bench;
    private final Participants participants;
    private final Deque<OutgoingMessage> commands = new ArrayDeque<>();
    private final List<IncomingMessage> late = new ArrayList<>();
    private final List<IncomingMessage> afterTheEnd = new ArrayList<>();
    private boolean timedOut;
    private long stuckBefore;
    private int copies;
    private int attemptUnderWay;
    private Cell cell = new Cell(null, Direction.ACTION, Fault.REFUSED, null);

    FaultyRun(
            SagaDefinition<D> definition,
            Function<OrderId, D> data,
            ExecutionBench bench,
            Participants participants) {
        this.definition = definition;
        this.data = data;
        this.bench = bench;
        this.participants = participants;
    }

    void check(Cell toCheck, ExpectedEnd end) {
        begin(toCheck);
        OrderId order = bench.nextOrder();
        commands.addAll(bench.batch(bench.request(order, data.apply(order))));
        assertThat(bench.batch(bench.request(order, data.apply(order))))
                .as("what is said to a request that comes again")
                .isEmpty();
        runToTheEnd(order);
        assertThat(timedOut && cell.fault().losesNothing())
                .as("the saga had to wait although nothing was lost")
                .isFalse();
        afterTheEnd.forEach(reply ->
                assertThat(bench.batch(reply)).as("what is said to a reply after the end").isEmpty());

        long id = bench.sagaId(order);
        assertThat(bench.state(order)).isEqualTo(end.state());
        List<LogLine> log = bench.queries.log(id);
        isOnePath(log, end.state());
        List<Effect> effects = participants.effects(id);
        for (Step<D> step : definition.steps()) {
            assertThat(effects.stream()
                            .filter(effect -> effect.step().equals(step.name()))
                            .map(Effect::direction)
                            .toList())
                    .as("effects of step '%s' of %s", step.name(), effects)
                    .isIn(end.effects(definition, step, cell));
        }
        isUndoneInReverse(effects);
        isToldWhenStuck(id, log, end);
        nothingIsSentTwice(order);
        repeatsAreKeptAsStale(id);
        nothingIsLeft(id, end);
    }

    private void begin(Cell next) {
        cell = next;
        commands.clear();
        late.clear();
        afterTheEnd.clear();
        timedOut = false;
        bench.said.clear();
        bench.stuck.clear();
        stuckBefore = bench.counts.take().stuck();
        participants.behave((step, direction) -> {
            if (cell.refuses(step, direction) || cell.fault() == Fault.REFUSED && cell.hits(step, direction, 1)) {
                return Behaviour.REFUSES;
            }
            return cell.fault() == Fault.FAILS_FOR_EVER && cell.hits(step, direction, 1)
                            || cell.fault() == Fault.FAILS_ONCE && cell.hits(step, direction, attemptUnderWay)
                    ? Behaviour.FAILS
                    : Behaviour.WORKS;
        });
    }

    private void runToTheEnd(OrderId order) {
        for (int i = 0; i < LONGEST; i++) {
            OutgoingMessage command = commands.poll();
            if (command != null) {
                carryOut(command);
                deliverWhatIsLate();
                continue;
            }
            Instant due = saga(order).dueAt(definition);
            if (due == null) {
                deliverWhatIsLate();
                if (commands.isEmpty()) {
                    return;
                }
            } else {
                timedOut = true;
                // A saga's id says when it began to the millisecond, and the sweep stops short of its own.
                commands.addAll(bench.pass(Duration.between(bench.now, due.plusMillis(1))));
            }
        }
        throw new AssertionError("Expected the saga to end but it went on for " + LONGEST + " turns");
    }

    /** Held-back replies come when their step has timed out and something else has happened since. */
    private void deliverWhatIsLate() {
        if (timedOut && !late.isEmpty()) {
            List<IncomingMessage> now = List.copyOf(late);
            late.clear();
            commands.addAll(bench.batch(now));
        }
    }

    private void carryOut(OutgoingMessage command) {
        attemptUnderWay = Integer.parseInt(command.headers().get(MessageHeaders.ATTEMPT));
        boolean hit = cell.hits(
                command.headers().get(MessageHeaders.STEP),
                Direction.valueOf(command.headers().get(MessageHeaders.DIRECTION)),
                attemptUnderWay);
        if (!hit) {
            take(answersTo(command));
            return;
        }
        switch (cell.fault()) {
            case LOST_ONCE, LOST_FOR_EVER -> {}
            case REPLY_LOST_ONCE, REPLY_LOST_FOR_EVER -> answersTo(command);
            case REPLY_LATE -> late.addAll(answersTo(command));
            case REFUSED, FAILS_ONCE, FAILS_FOR_EVER -> take(answersTo(command));
            case COMMAND_TWICE -> {
                take(answersTo(List.of(command, command), Mishap.NONE));
                take(answersTo(command));
            }
            case REPLY_TWICE -> answersTo(command).forEach(reply -> {
                take(List.of(reply));
                assertThat(bench.batch(again(reply))).as("what is said to a repeated reply").isEmpty();
            });
            case REPLY_AFTER_THE_END -> answersTo(command).forEach(reply -> {
                take(List.of(reply));
                afterTheEnd.add(again(reply));
            });
            case PARTICIPANT_DIES_BEFORE_COMMIT -> take(answersTo(List.of(command), Mishap.DIES_BEFORE_COMMIT));
            case PARTICIPANT_DIES_AFTER_COMMIT -> take(answersTo(List.of(command), Mishap.DIES_AFTER_COMMIT));
            case PARTICIPANT_STANDS_STILL -> take(answersTo(List.of(command), Mishap.STANDS_STILL));
            case DAMAGED -> take(repliesIn(participants.handleDamaged(command, Mishap.DIES_AFTER_COMMIT)));
            case PARTICIPANT_DIES_AFTER_SEND -> {
                List<IncomingMessage> replies = answersTo(command);
                take(replies);
                take(replies);
            }
            case ORCHESTRATOR_DIES_BEFORE_COMMIT -> {
                List<IncomingMessage> replies = answersTo(command);
                bench.batchThatDies(replies);
                restart();
                take(replies);
            }
            case ORCHESTRATOR_DIES_AFTER_COMMIT -> {
                // What was committed with the position is sent by the successor, which reads on from there.
                List<OutgoingMessage> committed = bench.batch(answersTo(command));
                restart();
                commands.addAll(committed);
            }
            case ORCHESTRATOR_DIES_AFTER_SEND -> {
                List<OutgoingMessage> committed = bench.batch(answersTo(command));
                commands.addAll(committed);
                restart();
                commands.addAll(committed);
            }
            case ORCHESTRATOR_TWICE_AT_ONCE -> answersTo(command)
                    .forEach(reply -> commands.addAll(bench.batchesAtOnce(List.of(reply), List.of(again(reply)))));
        }
    }

    private void restart() {
        bench.use(List.of(definition));
    }

    private void take(List<IncomingMessage> replies) {
        commands.addAll(bench.batch(replies));
    }

    private List<IncomingMessage> answersTo(OutgoingMessage command) {
        return answersTo(List.of(command), Mishap.NONE);
    }

    private List<IncomingMessage> answersTo(List<OutgoingMessage> same, Mishap mishap) {
        return repliesIn(participants.handle(same, mishap));
    }

    private List<IncomingMessage> repliesIn(List<Said> said) {
        return said.stream()
                .filter(message -> message.topic().equals(Topics.SAGA_REPLIES))
                .map(this::arriving)
                .toList();
    }

    private IncomingMessage arriving(Said said) {
        MessageType type = Contract.MESSAGES.stream()
                .filter(known -> known.name().equals(said.headers().get(MessageHeaders.TYPE)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Expected a reply of the contract but got " + said.headers()));
        Record body = json.readValue(said.body(), type.body());
        return bench.message(said.topic(), said.headers().get(MessageHeaders.SUBJECT), body, said.headers());
    }

    private IncomingMessage again(IncomingMessage reply) {
        Map<String, String> headers = new HashMap<>(reply.headers());
        headers.put(MessageHeaders.ID, "copy-" + ++copies);
        return bench.message(reply.topic(), reply.key(), reply.body(), headers);
    }

    private Saga saga(OrderId order) {
        return bench.queries.find(bench.sagaId(order)).orElseThrow().saga().saga();
    }

    private static void isOnePath(List<LogLine> log, String state) {
        @Nullable String at = null;
        for (int i = 0; i < log.size(); i++) {
            assertThat(log.get(i).seq()).isEqualTo(i + 1);
            assertThat(log.get(i).from()).as("where line %s of %s begins", i + 1, log).isEqualTo(at);
            at = log.get(i).to();
        }
        assertThat(at).isEqualTo(state);
    }

    private void isUndoneInReverse(List<Effect> effects) {
        int last = Integer.MAX_VALUE;
        for (Effect effect : effects) {
            int stage = ExpectedEnd.stageOf(definition, definition.step(effect.step()).orElseThrow());
            if (effect.direction() == Direction.COMPENSATION) {
                assertThat(stage).as("the stage undone next in %s", effects).isLessThanOrEqualTo(last);
                last = stage;
            }
        }
    }

    private void isToldWhenStuck(long id, List<LogLine> log, ExpectedEnd end) {
        long times = log.stream()
                .filter(line -> line.to().equals("STUCK") && !"STUCK".equals(line.from()))
                .count();
        assertThat(bench.stuck).as("dead letters of the saga").hasSize((int) times);
        assertThat(bench.counts.take().stuck() - stuckBefore)
                .as("sagas that operators see to be stuck by this")
                .isEqualTo(end.stuck() == null ? 0 : 1);
        assertThat(bench.jdbc.queryForList("SELECT code FROM saga_stuck WHERE saga_id = ?", String.class, id))
                .as("as what operators find the saga among the stuck")
                .isEqualTo(end.stuck() == null ? List.of() : List.of(end.stuck()));
        Saga saga = bench.queries.find(id).orElseThrow().saga().saga();
        if (end.stuck() == null) {
            assertThat(saga.stuck()).isNull();
        } else {
            assertThat(Objects.requireNonNull(saga.stuck()).code().name()).isEqualTo(end.stuck());
            assertThat(saga.stuck().step()).isEqualTo(Objects.requireNonNull(cell.step()).name());
            assertThat(bench.stuck.getLast().code()).isEqualTo(end.stuck());
        }
    }

    private void nothingIsSentTwice(OrderId order) {
        assertThat(bench.said).allMatch(command -> command.key().equals(order.toString()));
        assertThat(bench.said.stream().map(OutgoingMessage::id))
                .as("commands, each attempt once")
                .doesNotHaveDuplicates();
    }

    private void repeatsAreKeptAsStale(long id) {
        int stale = bench.jdbc.queryForObject(
                "SELECT count(*) FROM saga_stale_reply WHERE saga_id = ?", Integer.class, id);
        switch (cell.fault()) {
            case COMMAND_TWICE, REPLY_TWICE, REPLY_AFTER_THE_END, PARTICIPANT_DIES_AFTER_SEND, ORCHESTRATOR_TWICE_AT_ONCE ->
                assertThat(stale).as("stale replies that are kept").isPositive();
            default -> {}
        }
    }

    private void nothingIsLeft(long id, ExpectedEnd end) {
        assertThat(bench.parked).isEmpty();
        assertThat(bench.pass(Duration.ofSeconds(31))).as("what is said when time passes").isEmpty();
        List<Boolean> timers = bench.jdbc.queryForList(
                "SELECT due_at = 'infinity' FROM saga_timer WHERE saga_id = ?", Boolean.class, id);
        assertThat(timers).as("timers").isEqualTo(end.stuck() == null ? List.of() : List.of(true));
    }
}
