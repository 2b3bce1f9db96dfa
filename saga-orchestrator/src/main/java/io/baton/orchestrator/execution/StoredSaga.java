package io.baton.orchestrator.execution;

import io.baton.contract.SagaId;
import io.baton.contract.Tsid;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.Saga;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Step;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A saga as it lies in the database.
 *
 * @param state what people see
 * @param clock the time that {@code saga} is told
 * @param definition null if this program does not have the version
 * @param body the request as JSON
 */
public record StoredSaga(
        SagaId id,
        int version,
        String state,
        Saga saga,
        SagaClock clock,
        String definitionName,
        int definitionVersion,
        @Nullable SagaDefinition<?> definition,
        long businessKey,
        byte[] body) {

    /** The key of every message of this saga. */
    public String key() {
        return Tsid.format(businessKey);
    }

    /** The database's time at its start. */
    public Instant startedAt() {
        return saga.startedAt().minus(clock.stoodStill());
    }

    StoredSaga stopped(Instant at) {
        return new StoredSaga(
                id,
                version,
                state,
                saga,
                clock.stopped(at),
                definitionName,
                definitionVersion,
                definition,
                businessKey,
                body);
    }

    StoredSaga after(Saga next, String nextState) {
        return new StoredSaga(
                id,
                version + 1,
                nextState,
                next,
                clock,
                definitionName,
                definitionVersion,
                definition,
                businessKey,
                body);
    }

    /** The command's type for people, as {@code ChargePayment}; null if it cannot be told. */
    public @Nullable String commandName(@Nullable String stepName, @Nullable Direction direction) {
        if (definition == null || stepName == null || direction == null) {
            return null;
        }
        Step<?> step = definition.step(stepName).orElse(null);
        if (step == null) {
            return null;
        }
        return switch (direction) {
            case ACTION -> step.action() == null ? null : step.action().command().getSimpleName();
            case COMPENSATION -> step.compensation() == null ? null : step.compensation().command().getSimpleName();
        };
    }
}
