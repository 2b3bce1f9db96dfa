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

    static final Cause DEFINITION_FOUND =
            new Cause("DEFINITION_FOUND", null, null, 0, "This program has the definition that was missing.", null);

    static Cause of(SagaInput.ReplyArrived reply) {
        String detail = reply.kind() == SagaInput.Kind.DONE ? null : reply.code() + ": " + reply.message();
        return new Cause(reply.kind().name(), reply.step(), reply.direction(), reply.attempt(), detail, null);
    }

    static Cause of(SagaInput.ReplyUnreadable reply) {
        return new Cause("UNREADABLE", reply.step(), reply.direction(), reply.attempt(), reply.message(), null);
    }

    static Cause deadline(Step<?> step, String detail) {
        return new Cause("DEADLINE", step.name(), null, 0, detail, null);
    }

    /** Attempt {@code attempt} is followed by another. */
    static Cause again(String outcome, Step<?> step, Direction direction, int attempt, String how) {
        return new Cause(outcome, step.name(), direction, attempt, how + " as attempt " + (attempt + 1), null);
    }

    static Cause silence(Step<?> step, Direction direction, int attempt, String detail) {
        return new Cause("TIMEOUT", step.name(), direction, attempt, detail, null);
    }

    static Cause by(SagaInput.CancelRequested cancel) {
        return new Cause("CANCEL", null, null, 0, cancel.code() + ": " + cancel.message(), cancel.actor());
    }

    static Cause by(SagaInput.OperatorActed acted) {
        return switch (acted.action()) {
            case OperatorAction.Retry() -> by(acted, "RETRIED", null);
            case OperatorAction.Compensate() -> by(acted, "REVERSED", null);
            case OperatorAction.Skip(String step) -> by(acted, "SKIPPED", step);
            case OperatorAction.Resolve(String step, boolean took) ->
                by(acted, took ? "RESOLVED_DONE" : "RESOLVED_NOT_DONE", step);
            case OperatorAction.Extend _ -> by(acted, "EXTENDED", null);
        };
    }

    private static Cause by(SagaInput.OperatorActed acted, String outcome, @Nullable String step) {
        return new Cause(outcome, step, null, 0, acted.reason(), acted.actor());
    }
}
