package io.baton.orchestrator.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.order.FulfilOrder;
import io.baton.orchestrator.saga.CommandToSend;
import io.baton.orchestrator.saga.Decision;
import io.baton.orchestrator.saga.Direction;
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
import java.util.Deque;
import java.util.Objects;

/** Tells what happens to one saga, in the order in which it happens. Every command must be expected. */
final class Story {

    private static final SagaInput CANCEL =
            new SagaInput.CancelRequested("/order-service", "CANCELLED_BY_CUSTOMER", "Changed my mind.");

    private final SagaDefinition<FulfilOrder> definition;
    private final FulfilOrder order;
    private final Deque<CommandToSend> sent = new ArrayDeque<>();
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private Saga saga = Saga.unstarted(now);
    private CommandToSend last = new CommandToSend("", Direction.ACTION, 0, false);

    private Story(SagaDefinition<FulfilOrder> definition, FulfilOrder order) {
        this.definition = definition;
        this.order = order;
    }

    /** Starts the saga of an order. */
    static Story given(FulfilOrder order) {
        Story story = new Story(OrderFulfilment.definition(), order);
        story.take(new SagaInput.Started());
        return story;
    }

    /** The next command that was sent has this body. */
    Story expect(Record body) {
        assertThat(sent).as("commands sent, when expecting " + body).isNotEmpty();
        last = sent.remove();
        assertThat(body(last)).isEqualTo(body);
        return this;
    }

    /** The command is {@code body}'s, and the attempt {@code attempt}. */
    Story expect(Record body, int attempt) {
        expect(body);
        assertThat(last.attempt()).isEqualTo(attempt);
        return this;
    }

    Story done() {
        return reply(Kind.DONE, "", "");
    }

    Story refused(String code) {
        return reply(Kind.REFUSED, code, "No.");
    }

    Story failed() {
        return reply(Kind.FAILED, "DOWN", "Not now.");
    }

    /** An answer to an earlier command than the last one. */
    Story lateDone(String step, Direction direction, int attempt) {
        return take(ReplyArrived.done(step, direction, attempt));
    }

    /** Nothing is heard for as long as the saga waits. */
    Story silence() {
        now = Objects.requireNonNull(saga.dueAt(definition), "the saga waits for nothing");
        return take(new SagaInput.TimerFired());
    }

    /** The customer no longer wants it. */
    Story cancel() {
        assertThat(decide(CANCEL)).isInstanceOf(Decision.Moved.class);
        return take(CANCEL);
    }

    /** The customer no longer wants it, but it is too late. */
    Story cancelRefused() {
        assertThat(decide(CANCEL)).isInstanceOf(Decision.Refused.class);
        return this;
    }

    /** Time passes, and the timer fires. */
    Story after(Duration time) {
        now = now.plus(time);
        return take(new SagaInput.TimerFired());
    }

    Story state(String state) {
        assertThat(saga.stateName(definition)).isEqualTo(state);
        return this;
    }

    Story because(String code, String step) {
        Reason reason = Objects.requireNonNull(saga.reason());
        assertThat(reason.code()).isEqualTo(code);
        assertThat(reason.step()).isEqualTo(step);
        return this;
    }

    Story stuck(String code) {
        assertThat(Objects.requireNonNull(saga.stuck()).code().name()).isEqualTo(code);
        return state("STUCK");
    }

    /** No command is left that was not expected. */
    Story nothingElse() {
        assertThat(sent).isEmpty();
        return this;
    }

    private Story reply(Kind kind, String code, String message) {
        return take(ReplyArrived.not(kind, last.step(), last.direction(), last.attempt(), code, message));
    }

    private Story take(SagaInput input) {
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
        Step<FulfilOrder> step = definition.step(command.step()).orElseThrow();
        return command.direction() == Direction.ACTION
                ? Objects.requireNonNull(step.action()).body().apply(order)
                : Objects.requireNonNull(step.compensation())
                        .command(order, Objects.requireNonNull(saga.reason()), null);
    }
}
