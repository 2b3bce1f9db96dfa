package io.baton.orchestrator.saga;

import io.baton.messaging.OutcomeStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One state of the world, taken apart. */
final class ExploredWorld {

    final int[] saga;
    final int[] late;
    /** What each participant knows of each step of each saga. */
    final Knowledge[][] known;

    /** Of each fault, how many are left. */
    final int[] left = new int[7];
    /** In order, so that the same messages are always the same state. */
    final int[] network = new int[64];

    int messages;
    private final Numbers knowledge;
    private final byte[] bytes;

    ExploredWorld(int sagas, int steps, Numbers knowledge) {
        this.knowledge = knowledge;
        saga = new int[sagas];
        late = new int[sagas];
        known = new Knowledge[sagas][steps];
        bytes = new byte[sagas * (5 + steps) + left.length + 2 * network.length];
    }

    void clear() {
        messages = 0;
    }

    void copy(ExploredWorld other) {
        System.arraycopy(other.saga, 0, saga, 0, saga.length);
        System.arraycopy(other.late, 0, late, 0, late.length);
        for (int s = 0; s < known.length; s++) {
            System.arraycopy(other.known[s], 0, known[s], 0, known[s].length);
        }
        System.arraycopy(other.left, 0, left, 0, left.length);
        System.arraycopy(other.network, 0, network, 0, other.messages);
        messages = other.messages;
    }

    void add(int message) {
        int at = messages++;
        while (at > 0 && network[at - 1] > message) {
            network[at] = network[at - 1];
            at--;
        }
        network[at] = message;
    }

    void take(int at) {
        messages--;
        System.arraycopy(network, at + 1, network, at, messages - at);
    }

    /** Whether a message of the saga, or an answer that a participant owes it, is still to come. */
    boolean isSomethingUnderWay(int s) {
        for (Knowledge step : known[s]) {
            if (step.isUnderWay()) {
                return true;
            }
        }
        for (int m = 0; m < messages; m++) {
            if (Message.saga(network[m]) == s) {
                return true;
            }
        }
        return false;
    }

    /** Whether an action that has not taken effect still may. */
    boolean canStillHappen(int s, int step) {
        if (known[s][step].action() == OutcomeStatus.PENDING) {
            return true;
        }
        if (!known[s][step].isUntouched()) {
            return false;
        }
        for (int m = 0; m < messages; m++) {
            int message = network[m];
            if (Message.saga(message) == s
                    && Message.step(message) == step
                    && Message.what(message) == Message.COMMAND
                    && !Message.isCompensation(message)) {
                return true;
            }
        }
        return false;
    }

    int write(StateStore store) {
        int length = 0;
        for (int s = 0; s < saga.length; s++) {
            bytes[length++] = (byte) (saga[s] >> 8);
            bytes[length++] = (byte) saga[s];
            bytes[length++] = (byte) late[s];
            for (Knowledge step : known[s]) {
                bytes[length++] = (byte) knowledge.number(step);
            }
        }
        bytes[length++] = (byte) (left[0] << 6 | left[1] << 4 | left[2] << 2 | left[3]);
        bytes[length++] = (byte) (left[4] << 4 | left[5] << 2 | left[6]);
        for (int m = 0; m < messages; m++) {
            bytes[length++] = (byte) (network[m] >> 8);
            bytes[length++] = (byte) network[m];
        }
        return store.add(bytes, length);
    }

    void read(StateStore store, int state) {
        int length = store.get(state, bytes);
        int at = 0;
        for (int s = 0; s < saga.length; s++) {
            saga[s] = (bytes[at++] & 255) << 8 | bytes[at++] & 255;
            late[s] = bytes[at++];
            for (int i = 0; i < known[s].length; i++) {
                known[s][i] = knowledge.numbered(bytes[at++] & 255);
            }
        }
        for (int b = 0; b < 4; b++) {
            left[b] = bytes[at] >> 6 - 2 * b & 3;
        }
        at++;
        left[4] = bytes[at] >> 4 & 3;
        left[5] = bytes[at] >> 2 & 3;
        left[6] = bytes[at++] & 3;
        for (messages = 0; at < length; at += 2) {
            network[messages++] = (bytes[at] & 255) << 8 | bytes[at + 1] & 255;
        }
    }

    /** Numbers what participants know, of which there are few kinds. */
    static final class Numbers {

        private static final int MOST = 256;

        private final Map<Knowledge, Integer> numbers = new HashMap<>();
        private final List<Knowledge> all = new ArrayList<>();

        int number(Knowledge known) {
            Integer number = numbers.get(known);
            if (number != null) {
                return number;
            }
            if (all.size() == MOST) {
                throw new IllegalStateException("Expected at most " + MOST + " kinds of knowledge");
            }
            all.add(known);
            numbers.put(known, all.size() - 1);
            return all.size() - 1;
        }

        Knowledge numbered(int number) {
            return all.get(number);
        }
    }
}
