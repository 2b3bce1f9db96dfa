package io.baton.orchestrator.execution;

import io.baton.messaging.Outbox;
import io.baton.messaging.OutgoingMessage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pauses sagas and lets them go on. While a saga is paused nothing of it is sent, and its clock stands still; what was
 * sent before is answered as ever. It is exact: the pause stands in the saga's row, which every change of it locks. It is
 * no transition, so that the saga's version and log stay as they are.
 */
final class SagaPauses {

    private final HeldSagas held;
    private final Outbox outbox;

    SagaPauses(HeldSagas held, Outbox outbox) {
        this.held = held;
        this.outbox = outbox;
    }

    /** Why a saga cannot be paused, or cannot go on; null if it can. */
    static @Nullable String whyNot(StoredSaga stored, boolean pauses) {
        if (stored.saga().phase().isFinal()) {
            return "the saga has ended and is " + stored.saga().phase();
        }
        if (stored.clock().isPaused() == pauses) {
            return pauses ? "the saga is paused already" : "the saga is not paused";
        }
        return null;
    }

    /** Pauses a saga, which the transaction has locked. */
    void pause(StoredSaga stored, Instant now) {
        held.pause(stored, now);
    }

    /** Lets a saga go on, which the transaction has locked, and sends what was held of it. */
    void resume(StoredSaga stored, Instant now) {
        List<OutgoingMessage> messages = held.resume(stored, now);
        if (!messages.isEmpty()) {
            outbox.send(messages);
        }
    }
}
