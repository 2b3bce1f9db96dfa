package io.baton.orchestrator.execution;

import io.baton.orchestrator.saga.CommandToSend;
import io.baton.orchestrator.saga.Decision;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.LogEntry;
import io.baton.orchestrator.saga.Phase;
import io.baton.orchestrator.saga.Progress;
import io.baton.orchestrator.saga.Stuck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what one transaction did; told to the meters once it is committed. */
final class SagaTally {

    private final Map<Key, Integer> counts = new HashMap<>();
    private final List<Lasted> lasted = new ArrayList<>();

    /** What is counted. Step and detail are empty where they do not matter. */
    record Key(What what, String definition, String step, String detail) {}

    enum What {
        STARTED,
        STARTED_AGAIN,
        /** The detail is the reason. */
        BECAME_STUCK,
        /** Commands that were sent again. */
        RETRIED,
        /** Compensations that were begun. */
        UNDONE,
        STALE
    }

    /** How long a saga took to its end; or a step to its answer, from the attempt that was last sent. */
    record Lasted(String definition, @Nullable String step, String outcome, Duration time) {}

    void moved(StoredSaga before, StoredSaga after, Decision.Moved moved, Instant now) {
        String definition = after.definitionName();
        if (before.version() == 0) {
            add(What.STARTED, definition, "", "", 1);
        }
        answered(before, moved.log(), now);
        for (CommandToSend command : moved.commands()) {
            if (command.attempt() > 1) {
                add(What.RETRIED, definition, command.step(), "", 1);
            } else if (command.direction() == Direction.COMPENSATION) {
                add(What.UNDONE, definition, command.step(), "", 1);
            }
        }
        Phase phase = after.saga().phase();
        Stuck stuck = after.saga().stuck();
        if (before.saga().phase() == phase) {
            return;
        }
        if (stuck != null) {
            add(What.BECAME_STUCK, definition, stuck.step(), stuck.code().name(), 1);
        } else if (phase.isFinal()) {
            lasted.add(new Lasted(definition, null, phase.name(), since(after.saga().startedAt(), now)));
        }
    }

    void forgetStart(String definition) {
        add(What.STARTED, definition, "", "", -1);
        add(What.STARTED_AGAIN, definition, "", "", 1);
    }

    void stale() {
        add(What.STALE, "", "", "", 1);
    }

    Map<Key, Integer> counts() {
        return counts;
    }

    List<Lasted> lasted() {
        return lasted;
    }

    private void answered(StoredSaga before, LogEntry log, Instant now) {
        Instant sentAt = log.step() == null ? null : switch (before.saga().progress().get(log.step())) {
            case Progress.Sent(_, Instant at) -> at;
            case Progress.Compensating(_, Instant at) -> at;
            case null, default -> null;
        };
        if (sentAt != null && log.step() != null) {
            switch (log.outcome()) {
                case "DONE", "REFUSED", "FAILED" ->
                    lasted.add(new Lasted(before.definitionName(), log.step(), log.outcome(), since(sentAt, now)));
                default -> {}
            }
        }
    }

    /** A database's clock can be set back. */
    private static Duration since(Instant from, Instant now) {
        return now.isBefore(from) ? Duration.ZERO : Duration.between(from, now);
    }

    private void add(What what, String definition, String step, String detail, int count) {
        counts.merge(new Key(what, definition, step, detail), count, Integer::sum);
    }
}
