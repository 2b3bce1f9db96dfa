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
public final class SagaPauses {

    private final HeldSagas held;
    private final Outbox outbox;

    SagaPauses(HeldSagas held, Outbox outbox) {
        this.held = held;
        this.outbox = outbox;
    }

    /** Holding everything back that the saga says, from now on. */
    public Deed pause() {
        return new Doing("pause", "Sends nothing more, and lets no time pass for the saga, until it is resumed.", true);
    }

    /** Letting the saga go on, with what was held of it. */
    public Deed resume() {
        return new Doing("resume", "Sends what was held back, and lets the saga's time go on.", false);
    }

    private final class Doing implements Deed.Aside {

        private final String name;
        private final String effect;
        private final boolean pauses;

        private Doing(String name, String effect, boolean pauses) {
            this.name = name;
            this.effect = effect;
            this.pauses = pauses;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String effect() {
            return effect;
        }

        @Override
        public @Nullable String refusal(StoredSaga saga) {
            if (saga.saga().phase().isFinal()) {
                return "the saga has ended and is " + saga.saga().phase();
            }
            if (saga.clock().isPaused() == pauses) {
                return pauses ? "the saga is paused already" : "the saga is not paused";
            }
            return null;
        }

        @Override
        public void apply(StoredSaga saga, Instant now) {
            if (pauses) {
                held.pause(saga, now);
                return;
            }
            List<OutgoingMessage> messages = held.resume(saga, now);
            if (!messages.isEmpty()) {
                outbox.send(messages);
            }
        }
    }
}
