package io.baton.orchestrator.saga;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One saga's state.
 *
 * @param startedAt the database's time at its start
 * @param progress by step name; a step that is not in it is {@link Progress.Pending}
 * @param reason why it is being undone; null while it goes forward
 * @param stuck present exactly in {@link Phase#STUCK}
 */
public record Saga(
        Phase phase,
        Instant startedAt,
        Map<String, Progress> progress,
        @Nullable Reason reason,
        @Nullable Stuck stuck) {

    public Saga {
        if ((phase == Phase.STUCK) != (stuck != null)) {
            throw new IllegalArgumentException("Expected a stuck reason exactly in phase STUCK but got " + phase);
        }
        progress = Collections.unmodifiableMap(new LinkedHashMap<>(progress));
    }

    /** A saga to which nothing has happened yet, not even {@link SagaInput.Started}. */
    public static Saga unstarted(Instant startedAt) {
        return new Saga(Phase.FORWARD, startedAt, Map.of(), null, null);
    }

    public Progress of(Step<?> step) {
        return progress.getOrDefault(step.name(), Progress.PENDING);
    }

    public boolean isStarted() {
        return !progress.isEmpty();
    }

    /**
     * The state that people see: the state that the last done step reached while the saga goes forward, else the phase.
     */
    public String stateName(SagaDefinition<?> definition) {
        if (phase != Phase.FORWARD) {
            return phase.name();
        }
        String state = phase.name();
        for (Step<?> step : definition.steps()) {
            if (of(step) instanceof Progress.Done && step.stateReached() != null) {
                state = step.stateReached();
            }
        }
        return state;
    }

    /** The step that the saga is at, or null if it has ended. */
    public @Nullable Step<?> currentStep(SagaDefinition<?> definition) {
        return switch (stuck == null ? phase : stuck.from()) {
            case FORWARD -> firstOpen(definition);
            case COMPENSATING -> inCompensation(definition);
            case COMPLETED, COMPENSATED, STUCK -> null;
        };
    }

    /**
     * When the saga is next due without having heard anything, or null if it has ended or is stuck.
     */
    public @Nullable Instant dueAt(SagaDefinition<?> definition) {
        Step<?> step = currentStep(definition);
        if (step == null || !phase.isMoving()) {
            return null;
        }
        Instant due =
                switch (of(step)) {
                    case Progress.Sent(_, Instant at) -> at.plus(step.patience().timeout());
                    case Progress.Compensating(_, Instant at) -> at.plus(step.patience().timeout());
                    case Progress.Failed(_, Instant resendAt) -> resendAt;
                    case Progress.CompensationFailed(_, Instant resendAt) -> resendAt;
                    // The machine leaves none of these on a saga that is moving; such a saga is due at once.
                    case Progress.Pending(), Progress.Unknown(_), Progress.Done(), Progress.Refused(),
                            Progress.Compensated() -> startedAt;
                };
        Instant deadline = startedAt.plus(definition.deadline());
        return canStillTurnBack(definition) && deadline.isBefore(due) ? deadline : due;
    }

    /** Whether the saga goes forward and its pivot was never sent, so that undoing it is safe. */
    boolean canStillTurnBack(SagaDefinition<?> definition) {
        return phase == Phase.FORWARD && of(definition.pivot()) instanceof Progress.Pending;
    }

    Saga with(Step<?> step, Progress now) {
        Map<String, Progress> changed = new LinkedHashMap<>(progress);
        changed.put(step.name(), now);
        return new Saga(phase, startedAt, changed, reason, stuck);
    }

    Saga in(Phase next) {
        return new Saga(next, startedAt, progress, reason, null);
    }

    Saga because(Reason why) {
        return new Saga(phase, startedAt, progress, why, stuck);
    }

    Saga stuckBy(Stuck.Code code, String step, String message) {
        Phase from = stuck == null ? phase : stuck.from();
        return new Saga(Phase.STUCK, startedAt, progress, reason, new Stuck(code, step, message, from));
    }

    private @Nullable Step<?> firstOpen(SagaDefinition<?> definition) {
        for (Step<?> step : definition.steps()) {
            if (!(of(step) instanceof Progress.Done)) {
                return step;
            }
        }
        return null;
    }

    private @Nullable Step<?> inCompensation(SagaDefinition<?> definition) {
        for (Step<?> step : definition.steps()) {
            if (of(step) instanceof Progress.Compensating || of(step) instanceof Progress.CompensationFailed) {
                return step;
            }
        }
        return null;
    }
}
