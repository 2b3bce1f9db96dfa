package io.baton.orchestrator.saga;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Very many schedules, on as many threads as there are processors. */
final class Simulation {

    private static final int AT_ONCE = 1_000;
    /** One of so many schedules is run twice. */
    private static final int REPEATED = 100;

    private final Programs programs;
    private final long schedules;
    private final AtomicLong taken = new AtomicLong();
    private final ConcurrentLinkedQueue<Result> results = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Swarm failed;

    /** What came of the schedules of one thread, or of all. */
    record Result(long schedules, long events, Map<Phase, Long> ends, @Nullable Swarm failed) {}

    Simulation(Programs programs, long schedules) {
        this.programs = programs;
        this.schedules = schedules;
    }

    Result run() throws InterruptedException {
        Thread[] threads = new Thread[Runtime.getRuntime().availableProcessors()];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().start(this::work);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long count = 0;
        long events = 0;
        Map<Phase, Long> ends = new EnumMap<>(Phase.class);
        for (Result result : results) {
            count += result.schedules;
            events += result.events;
            result.ends.forEach((phase, ended) -> ends.merge(phase, ended, Long::sum));
        }
        return new Result(count, events, ends, failed);
    }

    private void work() {
        long count = 0;
        long events = 0;
        Map<Phase, Long> ends = new EnumMap<>(Phase.class);
        for (long from = taken.getAndAdd(AT_ONCE); from < schedules && failed == null; from = taken.getAndAdd(AT_ONCE)) {
            for (long seed = from; seed < Math.min(schedules, from + AT_ONCE); seed++) {
                Swarm swarm = Swarm.of(seed);
                SimulatedWorld world = new SimulatedWorld(programs, swarm, false);
                String violation = world.run();
                if (violation == null && seed % REPEATED == 0) {
                    SimulatedWorld again = new SimulatedWorld(programs, swarm, false);
                    again.run();
                    violation = again.trace() == world.trace() ? null : "A_SEED_ALWAYS_TELLS_THE_SAME_STORY";
                }
                count++;
                events += world.events();
                ends.merge(world.end(), 1L, Long::sum);
                if (violation != null) {
                    failed = swarm;
                    break;
                }
            }
        }
        results.add(new Result(count, events, ends, null));
    }

    /** The least schedule that fails like this one, and what happens in it. */
    static String story(Programs programs, Swarm failed) {
        Swarm least = failed.shrunk(swarm -> new SimulatedWorld(programs, swarm, false).run() != null);
        SimulatedWorld world = new SimulatedWorld(programs, least, true);
        String violation = world.run();
        return violation + " is broken with seed " + failed.seed() + ", in short " + least + ":\n  "
                + String.join("\n  ", world.story());
    }
}
