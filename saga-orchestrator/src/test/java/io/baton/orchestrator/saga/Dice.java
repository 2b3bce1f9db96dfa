package io.baton.orchestrator.saga;

/** Cheap numbers that follow from a seed: splitmix64. */
final class Dice {

    private long state;

    Dice(long seed) {
        state = seed;
    }

    long next() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** From 0, and less than the bound. */
    int below(int bound) {
        return (int) ((next() >>> 33) * bound >>> 31);
    }

    /** Whether something happens that does so {@code rate} times of 256. A rate of none costs a number too. */
    boolean happens(int rate) {
        return (next() >>> 56) < rate;
    }
}
