package io.baton.orchestrator.saga;

import io.baton.messaging.OutcomeStatus;
import io.baton.messaging.Treatment;
import io.baton.orchestrator.saga.Participant.Handled;
import io.baton.orchestrator.saga.SagaInput.Kind;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold whatever happens: of each decision by itself, and of a saga beside its participants. */
final class Invariants {

    private static final OfDecision[] OF_DECISIONS = OfDecision.values();
    private static final OfWorld[] OF_WORLDS = OfWorld.values();

    private Invariants() {}

    /** The first invariant that the decision breaks, or null. */
    static @Nullable OfDecision brokenBy(SagaDefinition<?> definition, Saga before, SagaInput input, Decision decision) {
        Decided decided = new Decided(
                definition, before, input, decision, decision instanceof Decision.Moved moved ? moved : null);
        for (OfDecision invariant : OF_DECISIONS) {
            if (!invariant.holds(decided)) {
                return invariant;
            }
        }
        return null;
    }

    /** The first invariant that a participant breaks by what it does with a command, or null. */
    static @Nullable OfParticipant brokenBy(Knowledge before, int command, Handled handled) {
        for (OfParticipant invariant : OfParticipant.values()) {
            if (!invariant.holds(before, command, handled)) {
                return invariant;
            }
        }
        return null;
    }

    /** The first invariant that a saga and its participants break, or null. */
    static @Nullable OfWorld brokenIn(SagaDefinition<?> definition, Saga saga, Knowledge[] known) {
        for (OfWorld invariant : OF_WORLDS) {
            if (!invariant.holds(definition, saga, known)) {
                return invariant;
            }
        }
        return null;
    }

    /** One decision: what it was about, and what came of it. */
    record Decided(
            SagaDefinition<?> definition,
            Saga before,
            SagaInput input,
            Decision decision,
            Decision.@Nullable Moved moved) {

        boolean turnsBack() {
            return moved != null
                    && before.direction() == Direction.ACTION
                    && (moved.saga().direction() == Direction.COMPENSATION
                            || moved.saga().phase() == Phase.COMPENSATED);
        }

        boolean isReply(Step<?> step, Direction direction, Kind kind) {
            return input instanceof ReplyArrived reply
                    && reply.kind() == kind
                    && reply.direction() == direction
                    && reply.step().equals(step.name());
        }

        @Nullable OperatorAction operator() {
            return input instanceof SagaInput.OperatorActed acted ? acted.action() : null;
        }

        boolean isResolved(Step<?> step, boolean took) {
            return operator() instanceof OperatorAction.Resolve(String of, boolean found)
                    && found == took
                    && of.equals(step.name());
        }

        /** Whether the saga waits for an answer to just this attempt. */
        boolean isAwaited(String stepName, Direction direction, int attempt) {
            Step<?> step = definition.step(stepName).orElse(null);
            return step != null && direction == way(before.of(step)) && attempt == attempt(before.of(step));
        }
    }

    enum OfDecision {
        AN_ENDED_SAGA_NEVER_MOVES {
            @Override
            boolean holds(Decided decided) {
                return decided.moved() == null || !decided.before().phase().isFinal();
            }
        },
        THE_LOG_IS_ONE_PATH {
            @Override
            boolean holds(Decided decided) {
                if (decided.moved() == null) {
                    return true;
                }
                Saga before = decided.before();
                LogEntry log = decided.moved().log();
                return (before.isStarted()
                                ? before.stateName(decided.definition()).equals(log.from())
                                : log.from() == null)
                        && log.to().equals(decided.moved().saga().stateName(decided.definition()));
            }
        },
        WHAT_MOVES_HAS_SOMETHING_UNDER_WAY {
            @Override
            boolean holds(Decided decided) {
                if (decided.moved() == null) {
                    return true;
                }
                Saga after = decided.moved().saga();
                return after.phase().isMoving() == (after.dueAt(decided.definition()) != null)
                        && (!after.phase().isMoving() || after.nextDue(decided.definition()) != null);
            }
        },
        WHAT_IS_DUE_IS_SEEN_TO {
            @Override
            boolean holds(Decided decided) {
                // The worlds fire a moving saga's timer only when something is due.
                return !(decided.input() instanceof SagaInput.TimerFired())
                        || decided.before().phase().isMoving() == (decided.moved() != null);
            }
        },
        NOTHING_IS_DONE_ONCE_UNDOING_HAS_BEGUN {
            @Override
            boolean holds(Decided decided) {
                if (decided.moved() == null) {
                    return true;
                }
                Saga after = decided.moved().saga();
                return decided.before().direction() != Direction.COMPENSATION
                        || after.direction() != Direction.ACTION
                                && after.phase() != Phase.COMPLETED
                                && sends(decided.moved(), Direction.ACTION) == 0;
            }
        },
        STEPS_ARE_DONE_IN_ORDER_AND_NONE_IS_LEFT_OUT {
            @Override
            boolean holds(Decided decided) {
                if (decided.moved() == null) {
                    return true;
                }
                Saga after = decided.moved().saga();
                boolean allDone = true;
                for (Stage<?> stage : decided.definition().stages()) {
                    if (!allDone && isSent(decided.moved(), stage, Direction.ACTION)) {
                        return false;
                    }
                    allDone &= after.isDone(stage);
                }
                return allDone || after.phase() != Phase.COMPLETED;
            }
        },
        UNDOING_GOES_IN_REVERSE {
            @Override
            boolean holds(Decided decided) {
                if (decided.moved() == null || sends(decided.moved(), Direction.COMPENSATION) == 0) {
                    return true;
                }
                boolean begun = false;
                for (Stage<?> stage : decided.definition().stages()) {
                    if (begun && !isUndone(decided.moved().saga(), stage)) {
                        return false;
                    }
                    begun |= isSent(decided.moved(), stage, Direction.COMPENSATION);
                }
                return true;
            }
        },
        UNDONE_MEANS_NOTHING_IS_LEFT {
            @Override
            boolean holds(Decided decided) {
                if (decided.moved() == null || decided.moved().saga().phase() != Phase.COMPENSATED) {
                    return true;
                }
                for (Stage<?> stage : decided.definition().stages()) {
                    if (!isUndone(decided.moved().saga(), stage)) {
                        return false;
                    }
                }
                return true;
            }
        },
        ATTEMPTS_COUNT_UP_TO_THE_BOUND {
            @Override
            boolean holds(Decided decided) {
                if (decided.moved() == null) {
                    return true;
                }
                Saga after = decided.moved().saga();
                for (CommandToSend command : decided.moved().commands()) {
                    Step<?> step = decided.definition().step(command.step()).orElseThrow();
                    Progress was = decided.before().of(step);
                    int last = way(was) == command.direction() ? attempt(was) : 0;
                    int counted = after.counted(step, command.attempt());
                    if (command.attempt() != last + 1 || counted < 1 || counted > step.patience().attempts()) {
                        return false;
                    }
                }
                return decided.operator() instanceof OperatorAction.Retry
                        || decided.before().forgiven().entrySet().containsAll(after.forgiven().entrySet());
            }
        },
        WHAT_IS_AWAITED_WAS_SENT {
            @Override
            boolean holds(Decided decided) {
                if (decided.moved() == null) {
                    return true;
                }
                int begun = 0;
                for (Step<?> step : decided.definition().steps()) {
                    Progress was = decided.before().of(step);
                    Progress is = decided.moved().saga().of(step);
                    if (isUnderWay(is) && (way(was) != way(is) || attempt(was) != attempt(is))) {
                        begun++;
                        if (!isSent(decided.moved(), step, way(is), attempt(is))) {
                            return false;
                        }
                    }
                }
                return begun == decided.moved().commands().size();
            }
        },
        NOTHING_IS_UNDONE_UNLESS_THE_PIVOT_CANNOT_HAPPEN {
            @Override
            boolean holds(Decided decided) {
                Step<?> pivot = decided.definition().pivot();
                return !decided.turnsBack()
                        || decided.before().of(pivot) instanceof Progress.Pending
                                && decided.moved().saga().of(pivot) instanceof Progress.Pending
                        || decided.isReply(pivot, Direction.ACTION, Kind.REFUSED)
                        || decided.isResolved(pivot, false);
            }
        },
        ONLY_THE_AWAITED_ANSWER_COUNTS {
            @Override
            boolean holds(Decided decided) {
                if (decided.moved() == null) {
                    return true;
                }
                return switch (decided.input()) {
                    case ReplyArrived reply ->
                        decided.isAwaited(reply.step(), reply.direction(), reply.attempt());
                    case SagaInput.ReplyUnreadable reply ->
                        decided.isAwaited(reply.step(), reply.direction(), reply.attempt());
                    default -> true;
                };
            }
        },
        AN_AWAITED_SUCCESS_IS_BELIEVED {
            @Override
            boolean holds(Decided decided) {
                return !(decided.input() instanceof ReplyArrived reply)
                        || reply.kind() != Kind.DONE
                        || decided.before().direction() != reply.direction()
                        || !decided.isAwaited(reply.step(), reply.direction(), reply.attempt())
                        || decided.moved() != null
                                && (reply.answer() == null
                                        || reply.answer()
                                                .equals(decided.moved().saga().captured().get(reply.step())));
            }
        },
        WHAT_IS_CAPTURED_IS_KEPT {
            @Override
            boolean holds(Decided decided) {
                return decided.moved() == null
                        || decided.moved()
                                .saga()
                                .captured()
                                .entrySet()
                                .containsAll(decided.before().captured().entrySet());
            }
        },
        ONLY_AN_OPERATOR_MOVES_THE_DEADLINE {
            @Override
            boolean holds(Decided decided) {
                if (decided.moved() == null) {
                    return true;
                }
                int later = decided.moved().saga().extension().compareTo(decided.before().extension());
                return decided.operator() instanceof OperatorAction.Extend ? later > 0 : later == 0;
            }
        },
        A_STEP_IS_TAKEN_AT_ITS_WORD_AND_AT_NO_OTHER {
            @Override
            boolean holds(Decided decided) {
                if (decided.moved() == null) {
                    return true;
                }
                boolean goesBack = decided.before().direction() == Direction.COMPENSATION;
                for (Step<?> step : decided.definition().steps()) {
                    Progress was = decided.before().of(step);
                    Progress is = decided.moved().saga().of(step);
                    boolean spoken = is.getClass() == was.getClass() || switch (is) {
                        case Progress.Done() ->
                            step.isGiven() && decided.input() instanceof SagaInput.Started
                                    || decided.isReply(step, Direction.ACTION, Kind.DONE)
                                    || decided.isResolved(step, true) && !goesBack;
                        case Progress.Refused() ->
                            decided.isReply(step, Direction.ACTION, Kind.REFUSED) || decided.isResolved(step, false);
                        case Progress.Compensated() ->
                            decided.isReply(step, Direction.COMPENSATION, Kind.DONE)
                                    || decided.isResolved(step, true) && goesBack;
                        case Progress.Skipped() ->
                            decided.operator() instanceof OperatorAction.Skip(String name)
                                    && name.equals(step.name())
                                    && (goesBack || step.kind() == StepKind.RETRIABLE);
                        case Progress.Pending() -> false;
                        case Progress.Compensating _ ->
                            !(was instanceof Progress.Pending || was instanceof Progress.Refused);
                        default -> true;
                    };
                    if (!spoken) {
                        return false;
                    }
                }
                return true;
            }
        },
        A_WISH_WAITS_FOR_A_STABLE_POINT_AND_IS_NOT_FORGOTTEN {
            @Override
            boolean holds(Decided decided) {
                if (decided.moved() == null) {
                    return true;
                }
                Saga before = decided.before();
                boolean isWish = decided.input() instanceof SagaInput.CancelRequested
                        || decided.operator() instanceof OperatorAction.Compensate && before.stuck() == null;
                boolean beginsAnother = before.reason() != null
                        && before.direction() == Direction.ACTION
                        && before.canStillTurnBack(decided.definition())
                        && !(decided.operator() instanceof OperatorAction.Retry)
                        && sends(decided.moved(), Direction.ACTION) > 0;
                return !(isWish && decided.turnsBack() && !before.isStable())
                        && !beginsAnother
                        && (before.reason() == null || decided.moved().saga().reason() != null);
            }
        };

        abstract boolean holds(Decided decided);
    }

    enum OfParticipant {
        A_PROBE_CHANGES_NOTHING {
            @Override
            boolean holds(Knowledge before, int command, Handled handled) {
                return Message.what(command) != Message.PROBE || before.isButForAttempts(handled.knowledge());
            }
        },
        ONLY_WHAT_TOOK_EFFECT_OR_STILL_MAY_IS_UNDONE {
            @Override
            boolean holds(Knowledge before, int command, Handled handled) {
                return handled.treatment() != Treatment.CARRY_OUT
                        || !Message.isCompensation(command)
                        || before.done() > 0
                        || before.action() == OutcomeStatus.PENDING;
            }
        };

        abstract boolean holds(Knowledge before, int command, Handled handled);
    }

    enum OfWorld {
        NO_COMMAND_TAKES_EFFECT_TWICE {
            @Override
            boolean holds(SagaDefinition<?> definition, Saga saga, Knowledge[] known) {
                for (Knowledge step : known) {
                    if (step.done() > 1 || step.undone() > 1) {
                        return false;
                    }
                }
                return true;
            }
        },
        COMPLETED_MEANS_THAT_EVERY_STEP_TOOK_EFFECT {
            @Override
            boolean holds(SagaDefinition<?> definition, Saga saga, Knowledge[] known) {
                if (saga.phase() != Phase.COMPLETED) {
                    return true;
                }
                List<? extends Step<?>> steps = definition.steps();
                for (int i = 0; i < known.length; i++) {
                    if (!known[i].isInEffect() && !(saga.of(steps.get(i)) instanceof Progress.Skipped)) {
                        return false;
                    }
                }
                return true;
            }
        },
        COMPENSATED_MEANS_THAT_NOTHING_IS_LEFT {
            @Override
            boolean holds(SagaDefinition<?> definition, Saga saga, Knowledge[] known) {
                if (saga.phase() != Phase.COMPENSATED) {
                    return true;
                }
                List<? extends Step<?>> steps = definition.steps();
                for (int i = 0; i < known.length; i++) {
                    if (known[i].isInEffect() && !(saga.of(steps.get(i)) instanceof Progress.Skipped)) {
                        return false;
                    }
                }
                return true;
            }
        },
        NOTHING_IS_UNDONE_ONCE_THE_PIVOT_TOOK_EFFECT {
            @Override
            boolean holds(SagaDefinition<?> definition, Saga saga, Knowledge[] known) {
                if (saga.direction() != Direction.COMPENSATION) {
                    return true;
                }
                return !known[definition.steps().indexOf(definition.pivot())].isInEffect();
            }
        },
        EFFECTS_COME_IN_ORDER_AND_GO_IN_REVERSE {
            @Override
            boolean holds(SagaDefinition<?> definition, Saga saga, Knowledge[] known) {
                int i = 0;
                boolean isGap = false;
                boolean isUndone = false;
                for (Stage<?> stage : definition.stages()) {
                    boolean gapHere = false;
                    boolean undoneHere = false;
                    for (Step<?> step : stage.steps()) {
                        Knowledge here = known[i++];
                        boolean skipped = saga.of(step) instanceof Progress.Skipped;
                        if (here.isInEffect() && !skipped && (isGap || isUndone)) {
                            return false;
                        }
                        gapHere |= !here.isInEffect() && !here.isUndone() && !skipped;
                        undoneHere |= here.isUndone();
                    }
                    isGap |= gapHere;
                    isUndone |= undoneHere;
                }
                return true;
            }
        },
        WHAT_THE_SAGA_BELIEVES_IS_TRUE {
            @Override
            boolean holds(SagaDefinition<?> definition, Saga saga, Knowledge[] known) {
                List<? extends Step<?>> steps = definition.steps();
                for (int i = 0; i < known.length; i++) {
                    boolean isTrue = switch (saga.of(steps.get(i))) {
                        case Progress.Done() -> known[i].isInEffect();
                        case Progress.Refused(), Progress.Compensated() -> !known[i].isInEffect();
                        case Progress.Pending() -> known[i].isUntouched() || steps.get(i).isGiven();
                        default -> true;
                    };
                    if (!isTrue) {
                        return false;
                    }
                }
                return true;
            }
        };

        abstract boolean holds(SagaDefinition<?> definition, Saga saga, Knowledge[] known);
    }

    private static boolean isSent(Decision.Moved moved, Stage<?> stage, Direction direction) {
        for (CommandToSend command : moved.commands()) {
            if (command.direction() == direction) {
                for (Step<?> step : stage.steps()) {
                    if (step.name().equals(command.step())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean isSent(Decision.Moved moved, Step<?> step, @Nullable Direction direction, int attempt) {
        for (CommandToSend command : moved.commands()) {
            if (command.direction() == direction
                    && command.attempt() == attempt
                    && command.step().equals(step.name())) {
                return true;
            }
        }
        return false;
    }

    private static int sends(Decision.Moved moved, Direction direction) {
        int count = 0;
        for (CommandToSend command : moved.commands()) {
            count += command.direction() == direction ? 1 : 0;
        }
        return count;
    }

    private static boolean isUndone(Saga saga, Stage<?> stage) {
        for (Step<?> step : stage.steps()) {
            boolean undone = step.compensation() == null || switch (saga.of(step)) {
                case Progress.Pending(), Progress.Refused(), Progress.Compensated(), Progress.Skipped() -> true;
                default -> false;
            };
            if (!undone) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnderWay(Progress progress) {
        return progress instanceof Progress.Sent || progress instanceof Progress.Compensating;
    }

    static @Nullable Direction way(Progress progress) {
        return switch (progress) {
            case Progress.Sent _, Progress.Failed _, Progress.Unknown _ -> Direction.ACTION;
            case Progress.Compensating _, Progress.CompensationFailed _ -> Direction.COMPENSATION;
            default -> null;
        };
    }

    static int attempt(Progress progress) {
        return switch (progress) {
            case Progress.Sent(int attempt, _) -> attempt;
            case Progress.Failed(int attempt, _) -> attempt;
            case Progress.Unknown(int attempt) -> attempt;
            case Progress.Compensating(int attempt, _) -> attempt;
            case Progress.CompensationFailed(int attempt, _) -> attempt;
            default -> 0;
        };
    }
}
