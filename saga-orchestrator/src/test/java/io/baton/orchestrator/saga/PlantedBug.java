package io.baton.orchestrator.saga;

import io.baton.orchestrator.saga.SagaInput.Kind;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The machine with a mistake that somebody has made before, in this project or in another. If the proofs did not find
 * one of them, they would prove less than they seem to.
 */
enum PlantedBug implements Machine {
    A_REPLY_IS_MATCHED_WITHOUT_ITS_ATTEMPT {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return input instanceof ReplyArrived reply
                    ? right(turn, as(reply, turn, reply.step(), reply.direction()))
                    : right(turn, input);
        }
    },
    A_REPLY_IS_MATCHED_WITHOUT_ITS_STEP {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            Step<?> at = turn.saga().currentStep(turn.definition());
            return input instanceof ReplyArrived reply && at != null
                    ? right(turn, as(reply, turn, at.name(), reply.direction()))
                    : right(turn, input);
        }
    },
    A_REPLY_IS_MATCHED_WITHOUT_ITS_DIRECTION {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            Direction way = turn.saga().direction();
            return input instanceof ReplyArrived reply && way != null
                    ? right(turn, as(reply, turn, reply.step(), way))
                    : right(turn, input);
        }
    },
    COMPENSATIONS_RUN_FORWARD {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            Decision decision = right(turn, input);
            if (!(decision instanceof Decision.Moved moved)
                    || moved.commands().isEmpty()
                    || moved.commands().getFirst().direction() == Direction.ACTION
                    || moved.commands().getFirst().attempt() > 1) {
                return decision;
            }
            Saga saga = moved.saga();
            for (CommandToSend command : moved.commands()) {
                saga = saga.with(step(turn, command.step()), new Progress.Done());
            }
            for (Step<?> step : turn.definition().steps()) {
                if (step.compensation() != null && saga.of(step) instanceof Progress.Done) {
                    return turn.moved(
                            saga.beginningToUndo(step, turn.now()),
                            List.of(CommandToSend.compensation(step, 1)),
                            Cause.STARTED);
                }
            }
            return decision;
        }
    },
    SILENCE_IS_TAKEN_FOR_FAILURE {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            Decision decision = right(turn, input);
            return input instanceof SagaInput.TimerFired && turnsBack(turn, decision)
                    ? turnBackForgetting(turn, new Progress.Refused())
                    : decision;
        }
    },
    WHAT_RUNS_BESIDE_A_REFUSED_STEP_IS_FORGOTTEN {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            Decision decision = right(turn, input);
            return input instanceof ReplyArrived reply
                            && reply.kind() == Kind.REFUSED
                            && turn.saga().phase() == Phase.FORWARD
                            && turnsBack(turn, decision)
                    ? turnBackForgetting(turn, new Progress.Refused())
                    : decision;
        }
    },
    A_SUCCESS_AFTER_A_FAILURE_IS_DROPPED {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return input instanceof ReplyArrived reply
                            && reply.kind() == Kind.DONE
                            && turn.saga().progress().get(reply.step()) instanceof Progress.Failed
                    ? new Decision.Ignored("it has failed")
                    : right(turn, input);
        }
    },
    A_LATE_SUCCESS_GOES_FORWARD_AGAIN {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return turn.saga().phase() == Phase.COMPENSATING
                            && input instanceof ReplyArrived reply
                            && reply.kind() == Kind.DONE
                            && reply.direction() == Direction.ACTION
                    ? turn.goOn(
                            turn.saga().in(Phase.FORWARD).with(step(turn, reply.step()), new Progress.Done()),
                            Cause.of(reply))
                    : right(turn, input);
        }
    },
    THE_PIVOT_IS_TURNED_BACK_ON_SILENCE {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return input instanceof SagaInput.TimerFired
                            && turn.saga().phase() == Phase.FORWARD
                            && turn.saga().of(turn.definition().pivot()) instanceof Progress.Sent
                    ? turn.undo(turn.saga(), WHY, Cause.STARTED)
                    : right(turn, input);
        }
    },
    THE_DEADLINE_TURNS_BACK_AFTER_THE_PIVOT {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return input instanceof SagaInput.TimerFired && turn.saga().phase() == Phase.FORWARD && turn.isTooLate()
                    ? turn.undo(turn.saga(), WHY, Cause.STARTED)
                    : right(turn, input);
        }
    },
    A_CUSTOMER_CANCELS_AFTER_THE_PIVOT {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return input instanceof SagaInput.CancelRequested && turn.saga().phase() == Phase.FORWARD
                    ? turn.turnBackWhenStable(WHY, Cause.STARTED)
                    : right(turn, input);
        }
    },
    A_CUSTOMER_CANCELS_WHAT_IS_UNDER_WAY {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return input instanceof SagaInput.CancelRequested
                            && turn.saga().phase() == Phase.FORWARD
                            && turn.saga().canStillTurnBack(turn.definition())
                    ? turnBackForgetting(turn, new Progress.Pending())
                    : right(turn, input);
        }
    },
    A_WISH_IS_FORGOTTEN {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            Saga saga = turn.saga();
            return saga.phase() == Phase.FORWARD && saga.reason() != null
                    ? right(
                            turn.with(new Saga(
                                    saga.phase(),
                                    saga.startedAt(),
                                    saga.progress(),
                                    saga.forgiven(),
                                    saga.extension(),
                                    saga.captured(),
                                    null,
                                    null)),
                            input)
                    : right(turn, input);
        }
    },
    AN_OPERATOR_TURNS_BACK_AFTER_THE_PIVOT {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            Stuck stuck = turn.saga().stuck();
            return input instanceof SagaInput.OperatorActed(_, _, OperatorAction.Compensate())
                            && stuck != null
                            && stuck.from() == Phase.FORWARD
                    ? turn.afterStuck(
                            turn.with(turn.saga().in(Phase.FORWARD)).undo(turn.saga().in(Phase.FORWARD), WHY, Cause.STARTED))
                    : right(turn, input);
        }
    },
    AN_OPERATOR_SKIPS_ANY_STEP {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            Stuck stuck = turn.saga().stuck();
            if (!(input instanceof SagaInput.OperatorActed(_, _, OperatorAction.Skip(String name)))
                    || stuck == null
                    || stuck.from() != Phase.FORWARD) {
                return right(turn, input);
            }
            Saga resumed = turn.saga().in(Phase.FORWARD);
            return turn.afterStuck(
                    turn.with(resumed).goOn(resumed.with(step(turn, name), new Progress.Skipped()), Cause.STARTED));
        }
    },
    WHAT_AN_OPERATOR_DID_NOT_FIND_IS_NOT_UNDONE {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            Stuck stuck = turn.saga().stuck();
            if (!(input instanceof SagaInput.OperatorActed(_, _, OperatorAction.Resolve(String name, boolean took)))
                    || took
                    || !(right(turn, input) instanceof Decision.Moved)
                    || stuck == null) {
                return right(turn, input);
            }
            Saga resumed = turn.saga().in(stuck.from());
            return turn.afterStuck(turn.with(resumed)
                    .undo(resumed.with(step(turn, name), new Progress.Refused()), WHY, Cause.STARTED));
        }
    },
    A_REFUSED_COMPENSATION_COUNTS_AS_DONE {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return input instanceof ReplyArrived reply && reply.direction() == Direction.COMPENSATION
                    ? right(turn, ReplyArrived.done(reply.step(), reply.direction(), reply.attempt()))
                    : right(turn, input);
        }
    },
    A_COMPENSATION_THAT_NEVER_WORKED_IS_SWALLOWED {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            Decision decision = right(turn, input);
            if (!(decision instanceof Decision.Moved moved)
                    || turn.saga().phase() != Phase.COMPENSATING
                    || moved.saga().stuck() == null) {
                return decision;
            }
            Step<?> failed = step(turn, moved.saga().stuck().step());
            return turn.goBack(turn.saga().with(failed, new Progress.Compensated()), Cause.STARTED);
        }
    },
    AN_ENDED_SAGA_STARTS_AGAIN {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return turn.saga().phase().isFinal() && input instanceof ReplyArrived
                    ? turn.with(Saga.unstarted(turn.saga().startedAt())).start()
                    : right(turn, input);
        }
    },
    ATTEMPTS_HAVE_NO_BOUND {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return SagaMachine.decide(patient(turn.definition()), turn.saga(), input, turn.now(), turn.jitter());
        }
    },
    A_STAGE_IS_LEFT_OUT {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            Decision decision = right(turn, input);
            if (!(input instanceof ReplyArrived reply)
                    || !(decision instanceof Decision.Moved moved)
                    || reply.direction() != Direction.ACTION
                    || moved.commands().isEmpty()
                    || moved.commands().getFirst().direction() != Direction.ACTION) {
                return decision;
            }
            Saga saga = moved.saga();
            for (CommandToSend command : moved.commands()) {
                saga = saga.with(step(turn, command.step()), new Progress.Done());
            }
            Decision.Moved leapt = turn.goOn(saga, Cause.of(reply));
            Saga after = leapt.saga();
            for (CommandToSend command : moved.commands()) {
                after = after.with(step(turn, command.step()), new Progress.Pending());
            }
            return turn.moved(after, leapt.commands(), Cause.of(reply));
        }
    },
    THE_FIRST_OF_A_GROUP_SETTLES_IT {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            Saga saga = turn.saga();
            if (!(input instanceof ReplyArrived reply)
                    || reply.kind() != Kind.DONE
                    || saga.phase() != Phase.FORWARD
                    || !(right(turn, input) instanceof Decision.Moved)) {
                return right(turn, input);
            }
            for (Step<?> open : saga.openSteps(turn.definition())) {
                saga = open.name().equals(reply.step()) ? saga : saga.with(open, new Progress.Done());
            }
            return right(turn.with(saga), input);
        }
    },
    A_TIMER_IS_LOST {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return input instanceof SagaInput.TimerFired ? new Decision.Ignored("lost") : right(turn, input);
        }
    },
    WHAT_WAS_CAPTURED_IS_LOST {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return right(turn, input) instanceof Decision.Moved moved
                    ? new Decision.Moved(
                            new Saga(
                                    moved.saga().phase(),
                                    moved.saga().startedAt(),
                                    moved.saga().progress(),
                                    moved.saga().forgiven(),
                                    moved.saga().extension(),
                                    Map.of(),
                                    moved.saga().reason(),
                                    moved.saga().stuck()),
                            moved.commands(),
                            moved.log(),
                            moved.wakeUp())
                    : right(turn, input);
        }
    },
    AN_EXTENSION_IS_FORGOTTEN {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return right(turn, input) instanceof Decision.Moved moved && !(input instanceof SagaInput.OperatorActed)
                    ? new Decision.Moved(
                            moved.saga().extended(Duration.ZERO), moved.commands(), moved.log(), moved.wakeUp())
                    : right(turn, input);
        }
    },
    A_SECOND_ATTEMPT_IS_NEVER_SENT {
        @Override
        Decision wrong(Turn turn, SagaInput input) {
            return right(turn, input) instanceof Decision.Moved moved
                            && moved.commands().stream().anyMatch(command -> command.attempt() > 1)
                    ? new Decision.Moved(moved.saga(), List.of(), moved.log(), moved.wakeUp())
                    : right(turn, input);
        }
    };

    private static final Reason WHY = new Reason("CODE", "", "");
    private static final Map<SagaDefinition<?>, SagaDefinition<?>> PATIENT = new ConcurrentHashMap<>();

    abstract Decision wrong(Turn turn, SagaInput input);

    @Override
    public Decision decide(SagaDefinition<?> definition, Saga saga, SagaInput input, Instant now, double jitter) {
        Turn turn = new Turn(definition, saga, now, jitter);
        return saga.isStarted() ? wrong(turn, input) : right(turn, input);
    }

    private static Decision right(Turn turn, SagaInput input) {
        return SagaMachine.decide(turn.definition(), turn.saga(), input, turn.now(), turn.jitter());
    }

    private static Step<?> step(Turn turn, String name) {
        return turn.definition().step(name).orElseThrow();
    }

    /** The same reply to whatever attempt of that step and direction is the newest. */
    private static ReplyArrived as(ReplyArrived reply, Turn turn, String step, Direction direction) {
        int newest = Invariants.attempt(turn.saga().of(step(turn, step)));
        return new ReplyArrived(
                step,
                direction,
                newest,
                reply.kind(),
                reply.code(),
                reply.message(),
                reply.retryAfter(),
                reply.answer());
    }

    private static boolean turnsBack(Turn turn, Decision decision) {
        return decision instanceof Decision.Moved moved
                && turn.saga().direction() == Direction.ACTION
                && moved.saga().direction() == Direction.COMPENSATION;
    }

    /** Undoes what is done, but not what is under way. */
    private static Decision turnBackForgetting(Turn turn, Progress instead) {
        Saga saga = turn.saga();
        List<Step<?>> open = new ArrayList<>(saga.openSteps(turn.definition()));
        for (Step<?> step : open) {
            saga = saga.with(step, instead);
        }
        return turn.undo(saga, WHY, Cause.STARTED);
    }

    private static SagaDefinition<?> patient(SagaDefinition<?> definition) {
        return PATIENT.computeIfAbsent(definition, PlantedBug::withoutBound);
    }

    private static <D extends Record> SagaDefinition<D> withoutBound(SagaDefinition<D> definition) {
        SagaDefinition<D> patient = definition;
        for (Step<D> step : definition.steps()) {
            patient = patient.withPolicy(step.name(), Sample.policy(1_000));
        }
        return patient;
    }
}
