package io.baton.lab.check;

import io.baton.contract.Tsid;
import org.jspecify.annotations.Nullable;

/**
 * All that anybody knows of one order. What is null is not there.
 *
 * @param saga the one that fulfils it
 * @param cancellation the one that undoes it when it is completed
 */
record OrderDossier(
        long id,
        @Nullable OrderRow order,
        @Nullable SagaRow saga,
        @Nullable SagaRow cancellation,
        @Nullable PaymentRow payment,
        @Nullable WalletRow wallet,
        @Nullable CardRow card,
        @Nullable ReservationRow reservation,
        @Nullable DeliveryRow delivery,
        @Nullable ClientRow client) {

    /** The order service's; {@code wish} is what came of the wish to cancel it, null if there was none. */
    record OrderRow(String status, long totalMinor, @Nullable String wish) {

        boolean completed() {
            return status.equals("COMPLETED");
        }

        boolean cancelled() {
            return status.equals("CANCELLED");
        }
    }

    /** The orchestrator's; {@code phase} is -1 if there is only the saga's data. */
    record SagaRow(long sagaId, int phase, int version, String state) {

        boolean open() {
            return phase == 0 || phase == 1;
        }

        boolean completed() {
            return phase == 2;
        }

        boolean compensated() {
            return phase == 3;
        }

        boolean stuck() {
            return phase == 4;
        }
    }

    /** The payment service's; without a method and of no amount if the refund came before the charge. */
    record PaymentRow(String status, String method, long amountMinor) {

        /** Whether the money is here, or on its way here. */
        boolean isTaken() {
            return status.equals("CHARGED") || status.equals("PENDING");
        }
    }

    /** The entries of wallets that are about the order. Amounts are not negative. */
    record WalletRow(int charges, long chargedMinor, int refunds, long refundedMinor) {}

    /** The gateway's entries that are about the order. */
    record CardRow(int captures, long capturedMinor, int refunds, long refundedMinor) {}

    /** The inventory service's. */
    record ReservationRow(String status) {

        boolean isHeld() {
            return status.equals("HELD");
        }

        boolean isShipped() {
            return status.equals("SHIPPED");
        }
    }

    /** The delivery service's. */
    record DeliveryRow(String status) {

        /** Whether it is on its way, or will be. */
        boolean goesOut() {
            return status.equals("SCHEDULED") || status.equals("DISPATCHED");
        }
    }

    /** What a client was told; {@code end} is null if it does not know of an end. */
    record ClientRow(long orderId, @Nullable String end) {}

    /** Whether it stays completed, as far as anybody knows: not while it is being undone. */
    boolean completed() {
        return order != null && order.completed() && !isBeingUndone();
    }

    /** Whether it is neither what it was nor cancelled yet. */
    private boolean isBeingUndone() {
        return cancellation != null && (cancellation.open() || cancellation.stuck());
    }

    boolean cancelled() {
        return order != null && order.cancelled();
    }

    /** As people see the order's id. */
    String name() {
        return Tsid.format(id);
    }

    /** What was taken from the customer, whichever way, without what was given back. */
    long chargedMinor() {
        return (wallet == null ? 0 : wallet.chargedMinor()) + (card == null ? 0 : card.capturedMinor());
    }

    long refundedMinor() {
        return (wallet == null ? 0 : wallet.refundedMinor()) + (card == null ? 0 : card.refundedMinor());
    }
}
