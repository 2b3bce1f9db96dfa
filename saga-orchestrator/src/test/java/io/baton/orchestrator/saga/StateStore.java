package io.baton.orchestrator.saga;

import java.util.Arrays;

/** Very many short rows of bytes, each kept once and numbered in the order in which they came. */
final class StateStore {

    private byte[] bytes = new byte[1 << 20];
    private int[] ends = new int[1 << 16];
    private int[] table = new int[1 << 18];
    private int size;

    int size() {
        return size;
    }

    /** The number of the row, which is the next one if it is new. */
    int add(byte[] row, int length) {
        if (size * 2 > table.length) {
            grow();
        }
        int slot = slot(row, 0, length);
        if (table[slot] != 0) {
            return table[slot] - 1;
        }
        int from = size == 0 ? 0 : ends[size - 1];
        if (from + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length + bytes.length / 2);
        }
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, size + size / 2);
        }
        System.arraycopy(row, 0, bytes, from, length);
        ends[size++] = from + length;
        table[slot] = size;
        return size - 1;
    }

    /** Copies a row, and returns its length. */
    int get(int number, byte[] into) {
        int from = number == 0 ? 0 : ends[number - 1];
        int length = ends[number] - from;
        System.arraycopy(bytes, from, into, 0, length);
        return length;
    }

    private int slot(byte[] row, int from, int length) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ row[from + i]) * 0x100000001b3L;
        }
        int mask = table.length - 1;
        int slot = (int) (hash ^ hash >>> 32) & mask;
        while (table[slot] != 0 && !isAt(table[slot] - 1, row, from, length)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private boolean isAt(int number, byte[] row, int from, int length) {
        int start = number == 0 ? 0 : ends[number - 1];
        return ends[number] - start == length
                && Arrays.equals(bytes, start, start + length, row, from, from + length);
    }

    private void grow() {
        table = new int[table.length * 2];
        for (int i = 0; i < size; i++) {
            int start = i == 0 ? 0 : ends[i - 1];
            table[slot(bytes, start, ends[i] - start)] = i + 1;
        }
    }
}
