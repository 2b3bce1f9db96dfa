package io.baton.payment.rest;

import io.baton.contract.OrderId;
import io.baton.payment.PaymentDecided;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Lets a request wait until this process has recorded the gateway's decision about its payment. A decision that another
 * process records ends no wait; whoever waited looks at the payment anyway.
 */
@Component
class DecisionWaits {

    private final ConcurrentHashMap<OrderId, Set<Wait>> waits = new ConcurrentHashMap<>();

    /** Begins to listen; to be opened before the payment is asked for, and closed in any case. */
    Wait open(OrderId orderId) {
        Wait wait = new Wait(orderId);
        waits.compute(orderId, (id, others) -> {
            Set<Wait> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(wait);
            return all;
        });
        return wait;
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void decided(PaymentDecided decided) {
        Set<Wait> listening = waits.get(decided.orderId());
        if (listening != null) {
            listening.forEach(wait -> wait.decided.countDown());
        }
    }

    /** One request's ear. */
    final class Wait implements AutoCloseable {

        private final OrderId orderId;
        private final CountDownLatch decided = new CountDownLatch(1);

        private Wait(OrderId orderId) {
            this.orderId = orderId;
        }

        /** Returns at the decision, or after {@code most}. */
        void await(Duration most) {
            try {
                decided.await(most.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            waits.computeIfPresent(orderId, (id, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }
}
