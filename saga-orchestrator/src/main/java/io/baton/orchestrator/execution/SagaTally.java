package io.baton.orchestrator.execution;

import io.baton.orchestrator.saga.Phase;
import java.util.HashMap;
import java.util.Map;

/** Counts what one transaction did; told to the meters once it is committed. */
final class SagaTally {

    private final Map<Key, Integer> counts = new HashMap<>();

    /** What is counted, by definition; the definition is empty where it does not matter. */
    record Key(What what, String definition) {}

    enum What {
        STARTED,
        STARTED_AGAIN,
        COMPLETED,
        COMPENSATED,
        STUCK,
        STALE
    }

    void moved(StoredSaga before, StoredSaga after) {
        String definition = after.definitionName();
        if (before.version() == 0) {
            add(What.STARTED, definition, 1);
        }
        Phase phase = after.saga().phase();
        if (before.saga().phase() == phase) {
            return;
        }
        switch (phase) {
            case COMPLETED -> add(What.COMPLETED, definition, 1);
            case COMPENSATED -> add(What.COMPENSATED, definition, 1);
            case STUCK -> add(What.STUCK, definition, 1);
            case FORWARD, COMPENSATING -> {}
        }
    }

    void forgetStart(String definition) {
        add(What.STARTED, definition, -1);
        add(What.STARTED_AGAIN, definition, 1);
    }

    void stale() {
        add(What.STALE, "", 1);
    }

    Map<Key, Integer> counts() {
        return counts;
    }

    private void add(What what, String definition, int count) {
        counts.merge(new Key(what, definition), count, Integer::sum);
    }
}
