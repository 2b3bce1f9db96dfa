package io.baton.orchestrator.saga;

import org.jspecify.annotations.Nullable;

/** What a log entry says of the input that caused it. */
record Cause(
        String outcome,
        @Nullable String step,
        @Nullable Direction direction,
        int attempt,
        @Nullable String detail,
        @Nullable String actor) {

    static final Cause STARTED = new Cause("STARTED", null, null, 0, null, null);

    static Cause of(SagaInput.ReplyArrived reply) {
        String detail = reply.kind() == SagaInput.Kind.DONE ? null : reply.code() + ": " + reply.message();
        return new Cause(reply.kind().name(), reply.step(), reply.direction(), reply.attempt(), detail, null);
    }

    static Cause of(String outcome, Step<?> step, String detail) {
        return new Cause(outcome, step.name(), null, 0, detail, null);
    }

    /** Attempt {@code attempt} is followed by another. */
    static Cause again(String outcome, Step<?> step, Direction direction, int attempt) {
        return new Cause(outcome, step.name(), direction, attempt, "sent again as attempt " + (attempt + 1), null);
    }

    static Cause silence(Step<?> step, Direction direction, int attempt, String detail) {
        return new Cause("TIMEOUT", step.name(), direction, attempt, detail, null);
    }

    static Cause by(SagaInput.CancelRequested cancel, Step<?> step) {
        return new Cause(
                "CANCEL", step.name(), null, 0, cancel.code() + ": " + cancel.message(), cancel.actor());
    }
}
