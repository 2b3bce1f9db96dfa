package io.baton.orchestrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.orchestrator.saga.CommandToSend;
import io.baton.orchestrator.saga.Decision;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.OperatorAction;
import io.baton.orchestrator.saga.Reason;
import io.baton.orchestrator.saga.Saga;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.SagaInput;
import io.baton.orchestrator.saga.SagaInput.Kind;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import io.baton.orchestrator.saga.SagaMachine;
import io.baton.orchestrator.saga.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells what happens to one saga, in the order in which it happens, on the machine alone: no server, no clock. Every
 * command must be expected, in its order; {@link #done} and the like answer the command that was expected last.
 *
 * <pre>{@code
 * given(OrderFulfilment.definition(), order)
 *         .expect(charge).done().state("PAYMENT_COMPLETED")
 *         .expect(reserve).refused("OUT_OF_STOCK")
 *         .expect(refund).done()
 *         .expect(cancel).done().state("COMPENSATED")
 *         .nothingElse();
 * }</pre>
 *
 * @param <D> what the saga knows
 */
public final class SagaStory<D extends Record> {

    private static final SagaInput CANCEL =
            new SagaInput.CancelRequested("/order-service", "CANCELLED_BY_CUSTOMER", "Changed my mind.");

    private final JsonMapper json = JsonMapper.builder().build();
    private final SagaDefinition<D> definition;
    private final D data;
    private final Deque<CommandToSend> sent = new ArrayDeque<>();
    private final List<CommandToSend> expected = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private Saga saga = Saga.unstarted(now);

    private SagaStory(SagaDefinition<D> definition, D data) {
        this.definition = definition;
        this.data = data;
    }

    /** Starts a saga. */
    public static <D extends Record> SagaStory<D> given(SagaDefinition<D> definition, D data) {
        SagaStory<D> story = new SagaStory<>(definition, data);
        story.take(new SagaInput.Started());
        return story;
    }

    /** The next command that was sent has this body. */
    public SagaStory<D> expect(Record body) {
        assertThat(sent).as("commands sent, when expecting " + body).isNotEmpty();
        expected.add(sent.remove());
        assertThat(body(last())).isEqualTo(body);
        return this;
    }

    /** The command is {@code body}'s, and the attempt {@code attempt}. */
    public SagaStory<D> expect(Record body, int attempt) {
        expect(body);
        assertThat(last().attempt()).isEqualTo(attempt);
        return this;
    }

    /** The next message asks what came of the command with this body. */
    public SagaStory<D> expectProbe(Record body) {
        expect(body);
        assertThat(last().probe()).as("whether it is only asked").isTrue();
        return this;
    }

    /** Turns to a command that was expected before, of a step that runs in parallel: the newest with this body. */
    public SagaStory<D> to(Record body) {
        CommandToSend before = expected.reversed().stream()
                .filter(command -> body(command).equals(body))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Expected a command " + body + " but none was expected before"));
        expected.add(before);
        return this;
    }

    public SagaStory<D> done() {
        return take(ReplyArrived.done(last().step(), last().direction(), last().attempt()));
    }

    /** Done, with an answer that the step keeps for its compensation. */
    public SagaStory<D> done(Record answer) {
        return take(ReplyArrived.done(last().step(), last().direction(), last().attempt())
                .with(json.writeValueAsString(answer)));
    }

    public SagaStory<D> refused(String code) {
        return reply(Kind.REFUSED, code, "No.");
    }

    public SagaStory<D> failed() {
        return reply(Kind.FAILED, "DOWN", "Not now.");
    }

    /** An answer to an earlier command than the last one. */
    public SagaStory<D> lateDone(String step, Direction direction, int attempt) {
        return take(ReplyArrived.done(step, direction, attempt));
    }

    /** Nothing is heard for as long as the saga waits. */
    public SagaStory<D> silence() {
        now = Objects.requireNonNull(saga.dueAt(definition), "the saga waits for nothing");
        return take(new SagaInput.TimerFired());
    }

    /** Time passes, and the timer fires. */
    public SagaStory<D> after(Duration time) {
        now = now.plus(time);
        return take(new SagaInput.TimerFired());
    }

    /** The customer no longer wants it. */
    public SagaStory<D> cancel() {
        assertThat(decide(CANCEL)).isInstanceOf(Decision.Moved.class);
        return take(CANCEL);
    }

    /** The customer no longer wants it, but it is too late. */
    public SagaStory<D> cancelRefused() {
        assertThat(decide(CANCEL)).isInstanceOf(Decision.Refused.class);
        return this;
    }

    /** A person intervenes, and may. */
    public SagaStory<D> operator(OperatorAction action) {
        assertThat(decide(acted(action))).isInstanceOf(Decision.Moved.class);
        return take(acted(action));
    }

    /** A person intervenes, and may not. */
    public SagaStory<D> operatorRefused(OperatorAction action) {
        assertThat(decide(acted(action))).isInstanceOf(Decision.Refused.class);
        return this;
    }

    public SagaStory<D> state(String state) {
        assertThat(saga.stateName(definition)).isEqualTo(state);
        return this;
    }

    public SagaStory<D> because(String code, String step) {
        Reason reason = Objects.requireNonNull(saga.reason());
        assertThat(reason.code()).isEqualTo(code);
        assertThat(reason.step()).isEqualTo(step);
        return this;
    }

    public SagaStory<D> stuck(String code) {
        assertThat(Objects.requireNonNull(saga.stuck()).code().name()).isEqualTo(code);
        return state("STUCK");
    }

    /** No command is left that was not expected. */
    public SagaStory<D> nothingElse() {
        assertThat(sent).isEmpty();
        return this;
    }

    private CommandToSend last() {
        assertThat(expected).as("commands that were expected").isNotEmpty();
        return expected.getLast();
    }

    private static SagaInput acted(OperatorAction action) {
        return new SagaInput.OperatorActed("olga", "Asked by phone.", action);
    }

    private SagaStory<D> reply(Kind kind, String code, String message) {
        return take(ReplyArrived.not(kind, last().step(), last().direction(), last().attempt(), code, message));
    }

    private SagaStory<D> take(SagaInput input) {
        if (decide(input) instanceof Decision.Moved moved) {
            saga = moved.saga();
            sent.addAll(moved.commands());
        }
        return this;
    }

    private Decision decide(SagaInput input) {
        return SagaMachine.decide(definition, saga, input, now, 0.5);
    }

    private Record body(CommandToSend command) {
        Step<D> step = definition.step(command.step()).orElseThrow();
        if (command.direction() == Direction.ACTION) {
            return Objects.requireNonNull(step.action()).body().apply(data);
        }
        Step.Compensation<D> compensation = Objects.requireNonNull(step.compensation());
        return compensation.command(data, Objects.requireNonNull(saga.reason()), captured(step, compensation));
    }

    private @Nullable Record captured(Step<D> step, Step.Compensation<D> compensation) {
        String answer = saga.captured().get(step.name());
        Class<? extends Record> kind = compensation.captures();
        return answer == null || kind == null ? null : json.readValue(answer, kind);
    }
}
