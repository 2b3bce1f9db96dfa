package io.baton.orchestrator.saga;

import java.util.Arrays;

/** Numbers in a row, without an object for each. */
final class IntList {

    private int[] values = new int[1 << 16];
    private int size;

    int size() {
        return size;
    }

    int get(int at) {
        return values[at];
    }

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size + size / 2);
        }
        values[size++] = value;
    }
}
