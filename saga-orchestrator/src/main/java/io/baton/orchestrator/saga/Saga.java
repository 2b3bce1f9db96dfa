package io.baton.orchestrator.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One saga's state.
 *
 * @param startedAt the database's time at its start
 * @param progress by step name; a step that is not in it is {@link Progress.Pending}
 * @param forgiven by step name, how many attempts no longer count, because an operator gave the step new ones
 * @param extension how much longer it may take to reach its pivot than its definition says
 * @param captured by step name, what the action answered, for steps whose compensation needs it
 * @param reason why it is being undone; while it goes forward, why it will be as soon as what is under way is answered
 * @param stuck present exactly in {@link Phase#STUCK}
 */
public record Saga(
        Phase phase,
        Instant startedAt,
        Map<String, Progress> progress,
        Map<String, Integer> forgiven,
        Duration extension,
        Map<String, String> captured,
        @Nullable Reason reason,
        @Nullable Stuck stuck) {

    public Saga {
        if ((phase == Phase.STUCK) != (stuck != null)) {
            throw new IllegalArgumentException("Expected a stuck reason exactly in phase STUCK but got " + phase);
        }
        progress = Collections.unmodifiableMap(progress);
        forgiven = Collections.unmodifiableMap(forgiven);
        captured = Collections.unmodifiableMap(captured);
    }

    /** A saga to which nothing has happened yet, not even {@link SagaInput.Started}. */
    public static Saga unstarted(Instant startedAt) {
        return new Saga(Phase.FORWARD, startedAt, Map.of(), Map.of(), Duration.ZERO, Map.of(), null, null);
    }

    public Progress of(Step<?> step) {
        return progress.getOrDefault(step.name(), Progress.PENDING);
    }

    public boolean isStarted() {
        return !progress.isEmpty();
    }

    /**
     * The state that people see: the state that the last done stage reached while the saga goes forward, else the phase.
     */
    public String stateName(SagaDefinition<?> definition) {
        if (phase != Phase.FORWARD) {
            return phase.name();
        }
        String state = phase.name();
        for (Stage<?> stage : definition.stages()) {
            if (!isDone(stage)) {
                break;
            }
            state = stage.stateReached() == null ? state : stage.stateReached();
        }
        return state;
    }

    /**
     * The steps that await an answer, or the time to be sent again; where the saga is stuck, those that would. None if
     * it has ended.
     */
    public List<Step<?>> openSteps(SagaDefinition<?> definition) {
        List<Step<?>> open = new ArrayList<>(1);
        for (Step<?> step : definition.steps()) {
            if (isOpen(step)) {
                open.add(step);
            }
        }
        return open;
    }

    /** The first of the steps that the saga is at, or null if it is at none. */
    public @Nullable Step<?> currentStep(SagaDefinition<?> definition) {
        for (Step<?> step : definition.steps()) {
            if (isOpen(step)) {
                return step;
            }
        }
        return null;
    }

    /** The way that it goes, or went when it got stuck; null if it has ended. */
    public @Nullable Direction direction() {
        return switch (stuck == null ? phase : stuck.from()) {
            case FORWARD -> Direction.ACTION;
            case COMPENSATING -> Direction.COMPENSATION;
            case COMPLETED, COMPENSATED, STUCK -> null;
        };
    }

    /** When the saga is next due without having heard anything, or null if it has ended or is stuck. */
    public @Nullable Instant dueAt(SagaDefinition<?> definition) {
        if (!phase.isMoving()) {
            return null;
        }
        Step<?> next = nextDue(definition);
        if (next == null) {
            // The machine leaves no moving saga with nothing under way; such a saga is due at once.
            return startedAt;
        }
        Instant due = dueAt(next);
        Instant deadline = deadline(definition);
        return deadline.isBefore(due) && canStillTurnBack(definition) && hasDeadline() ? deadline : due;
    }

    /** When it must have reached its pivot. */
    public Instant deadline(SagaDefinition<?> definition) {
        return startedAt.plus(definition.deadline()).plus(extension);
    }

    /** Whether the deadline counts: no longer once an operator gave a step new attempts. */
    boolean hasDeadline() {
        return forgiven.isEmpty();
    }

    /** The open step that is due first, or null if none is open. */
    @Nullable Step<?> nextDue(SagaDefinition<?> definition) {
        Step<?> first = null;
        Instant earliest = Instant.MAX;
        for (Step<?> step : definition.steps()) {
            if (isOpen(step) && dueAt(step).isBefore(earliest)) {
                first = step;
                earliest = dueAt(step);
            }
        }
        return first;
    }

    /** Whether the saga goes forward, or did when it got stuck, and its pivot was never sent: undoing it is safe. */
    boolean canStillTurnBack(SagaDefinition<?> definition) {
        return direction() == Direction.ACTION && of(definition.pivot()) instanceof Progress.Pending;
    }

    /** Whether nothing is under way of which it is not known whether it happened. */
    boolean isStable() {
        return progress.values().stream().noneMatch(Progress.Sent.class::isInstance);
    }

    /** Whether the step is under way in the direction that the saga goes. */
    private boolean isOpen(Step<?> step) {
        Direction way = direction();
        return way != null && way == directionOf(of(step));
    }

    /** Whether the step may be sent once more, after {@code attempt}. */
    boolean hasAttemptsAfter(Step<?> step, int attempt) {
        return counted(step, attempt) < step.patience().attempts();
    }

    /** How many attempts count, up to {@code attempt}. */
    int counted(Step<?> step, int attempt) {
        return attempt - forgiven.getOrDefault(step.name(), 0);
    }

    boolean isDone(Stage<?> stage) {
        for (Step<?> step : stage.steps()) {
            if (!(of(step) instanceof Progress.Done) && !(of(step) instanceof Progress.Skipped)) {
                return false;
            }
        }
        return true;
    }

    Saga with(Step<?> step, Progress now) {
        Map<String, Progress> changed = new LinkedHashMap<>(progress);
        changed.put(step.name(), now);
        return new Saga(phase, startedAt, changed, forgiven, extension, captured, reason, stuck);
    }

    /** Done, with what is kept of its answer. */
    Saga done(Step<?> step, @Nullable String answer) {
        Saga done = with(step, new Progress.Done());
        return answer == null || step.captures() == null ? done : done.capturing(step, answer);
    }

    Saga forgiving(Step<?> step, int attempts) {
        Map<String, Integer> changed = new LinkedHashMap<>(forgiven);
        changed.put(step.name(), attempts);
        return new Saga(phase, startedAt, progress, changed, extension, captured, reason, stuck);
    }

    /** The first attempt of the step's compensation is sent; what was forgiven its action no longer counts. */
    Saga beginningToUndo(Step<?> step, Instant now) {
        Saga begun = with(step, new Progress.Compensating(1, now));
        if (!forgiven.containsKey(step.name())) {
            return begun;
        }
        Map<String, Integer> changed = new LinkedHashMap<>(forgiven);
        changed.remove(step.name());
        return new Saga(phase, startedAt, begun.progress, changed, extension, captured, reason, stuck);
    }

    Saga extended(Duration longer) {
        return new Saga(phase, startedAt, progress, forgiven, longer, captured, reason, stuck);
    }

    Saga in(Phase next) {
        return new Saga(next, startedAt, progress, forgiven, extension, captured, reason, null);
    }

    Saga because(Reason why) {
        return new Saga(phase, startedAt, progress, forgiven, extension, captured, why, stuck);
    }

    Saga stuckBy(Stuck.Code code, String step, String message) {
        Phase from = stuck == null ? phase : stuck.from();
        return new Saga(
                Phase.STUCK, startedAt, progress, forgiven, extension, captured, reason, new Stuck(code, step, message, from));
    }

    private Saga capturing(Step<?> step, String answer) {
        Map<String, String> changed = new LinkedHashMap<>(captured);
        changed.put(step.name(), answer);
        return new Saga(phase, startedAt, progress, forgiven, extension, changed, reason, stuck);
    }

    private Instant dueAt(Step<?> open) {
        return switch (of(open)) {
            case Progress.Sent(_, Instant at) -> at.plus(open.patience().timeout());
            case Progress.Compensating(_, Instant at) -> at.plus(open.patience().timeout());
            case Progress.Failed(_, Instant resendAt) -> resendAt;
            case Progress.CompensationFailed(_, Instant resendAt) -> resendAt;
            case Progress.Pending(), Progress.Unknown(_), Progress.Done(), Progress.Refused(), Progress.Skipped(),
                    Progress.Compensated() -> Instant.MAX;
        };
    }

    /** The direction in which a step is under way; null if it is not. */
    private static @Nullable Direction directionOf(Progress progress) {
        return switch (progress) {
            case Progress.Sent _, Progress.Failed _ -> Direction.ACTION;
            case Progress.Compensating _, Progress.CompensationFailed _ -> Direction.COMPENSATION;
            case Progress.Pending(), Progress.Unknown(_), Progress.Done(), Progress.Refused(), Progress.Skipped(),
                    Progress.Compensated() -> null;
        };
    }
}
