package io.baton.orchestrator.saga;

import io.baton.orchestrator.saga.SimulatedWorld.Effect;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must hold whatever happens. */
final class Invariants {

    /** Holds after every event. */
    interface Always {
        boolean holds(SimulatedWorld world);
    }

    /** Holds when nothing is under way any more. */
    interface AtTheEnd {
        boolean holds(SimulatedWorld world);
    }

    static final List<Always> ALWAYS = List.of(
            new CompletedMeansEveryStepTookEffect(),
            new NothingIsDoneOnceUndoingHasBegun(),
            new CompensationsRunInReverse(),
            new NothingIsUndoneOnceThePivotTookEffect(),
            new AttemptsCountUpToTheBound(),
            new TheLogIsOnePath(),
            new WhatMovesIsDue(),
            new OneCommandIsAwaitedAtATime());

    static final List<AtTheEnd> AT_THE_END =
            List.of(new CompensatedLeavesNothingBehind(), new EverySagaEndsOrIsStuck());

    private Invariants() {}

    record CompletedMeansEveryStepTookEffect() implements Always {
        @Override
        public boolean holds(SimulatedWorld world) {
            return world.saga.phase() != Phase.COMPLETED
                    || world.participants.values().stream().allMatch(p -> p.action == Effect.DONE && !p.compensated);
        }
    }

    record NothingIsDoneOnceUndoingHasBegun() implements Always {
        @Override
        public boolean holds(SimulatedWorld world) {
            boolean undoing = false;
            for (CommandToSend command : world.sent) {
                if (undoing && command.direction() == Direction.ACTION) {
                    return false;
                }
                undoing |= command.direction() == Direction.COMPENSATION;
            }
            return true;
        }
    }

    record CompensationsRunInReverse() implements Always {
        @Override
        public boolean holds(SimulatedWorld world) {
            List<String> order = world.definition().steps().stream().map(Step::name).toList();
            int last = Integer.MAX_VALUE;
            for (CommandToSend command : world.sent) {
                if (command.direction() == Direction.COMPENSATION) {
                    int position = order.indexOf(command.step());
                    if (position > last || position == last && command.attempt() == 1) {
                        return false;
                    }
                    last = position;
                }
            }
            return true;
        }
    }

    record NothingIsUndoneOnceThePivotTookEffect() implements Always {
        @Override
        public boolean holds(SimulatedWorld world) {
            String pivot = world.definition().pivot().name();
            return world.participants.get(pivot).action != Effect.DONE
                    || world.sent.stream().noneMatch(command -> command.direction() == Direction.COMPENSATION);
        }
    }

    record AttemptsCountUpToTheBound() implements Always {
        @Override
        public boolean holds(SimulatedWorld world) {
            Map<String, Integer> counts = new HashMap<>();
            for (CommandToSend command : world.sent) {
                int count = counts.merge(command.step() + command.direction(), 1, Integer::sum);
                int bound = world.definition().step(command.step()).orElseThrow().patience().attempts();
                if (command.attempt() != count || count > bound) {
                    return false;
                }
            }
            return true;
        }
    }

    record TheLogIsOnePath() implements Always {
        @Override
        public boolean holds(SimulatedWorld world) {
            for (int i = 1; i < world.log.size(); i++) {
                if (!world.log.get(i - 1).to().equals(world.log.get(i).from())) {
                    return false;
                }
            }
            return world.log.getLast().to().equals(world.saga.stateName(world.definition()));
        }
    }

    record WhatMovesIsDue() implements Always {
        @Override
        public boolean holds(SimulatedWorld world) {
            return world.saga.phase().isMoving() == (world.saga.dueAt(world.definition()) != null);
        }
    }

    record OneCommandIsAwaitedAtATime() implements Always {
        @Override
        public boolean holds(SimulatedWorld world) {
            long awaited = world.saga.progress().values().stream()
                    .filter(progress -> progress instanceof Progress.Sent || progress instanceof Progress.Compensating)
                    .count();
            return awaited <= 1;
        }
    }

    record CompensatedLeavesNothingBehind() implements AtTheEnd {
        @Override
        public boolean holds(SimulatedWorld world) {
            return world.saga.phase() != Phase.COMPENSATED
                    || world.participants.values().stream().noneMatch(p -> p.action == Effect.DONE && !p.compensated);
        }
    }

    record EverySagaEndsOrIsStuck() implements AtTheEnd {
        @Override
        public boolean holds(SimulatedWorld world) {
            return !world.saga.phase().isMoving();
        }
    }
}
