package io.baton.payment;

import io.baton.contract.OrderId;
import io.baton.contract.RefusalCode;
import io.baton.payment.ClaimedCall.Kind;
import io.baton.payment.PaymentSource.FromCard;
import io.baton.payment.PaymentSource.FromWallet;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Charges orders and refunds them: wallets at once, cards by writing down what the gateway is to be asked.
 *
 * <p>Everything is idempotent by order id: the same again gives the same answer and moves no money. Each method joins
 * the transaction that is open, or runs in one of its own; what it did is there once that has committed. When two
 * transactions meet on one order, one of them may fail as a whole with a
 * {@link org.springframework.dao.ConcurrencyFailureException} and finds the other's result when it is tried again.
 */
@Service
@Transactional
public class PaymentCharging {

    private final Payments payments;
    private final WalletEntries entries;
    private final ObjectProvider<LockedMoney> lockedMoney;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    PaymentCharging(
            Payments payments,
            WalletEntries entries,
            ObjectProvider<LockedMoney> lockedMoney,
            ApplicationEventPublisher events,
            Clock clock) {
        this.payments = payments;
        this.entries = entries;
        this.lockedMoney = lockedMoney;
        this.events = events;
        this.clock = clock;
    }

    /** Says what the open transaction is going to {@link #charge}, so that few queries lock all of it in one order. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void announceCharges(Collection<ChargeRequest> requests) {
        LockedMoney money = lockedMoney.getObject();
        money.announceOrders(requests.stream().map(ChargeRequest::orderId).toList());
        requests.stream()
                .filter(request -> request.source() instanceof FromWallet)
                .forEach(request -> money.announceCustomer(request.customerId()));
    }

    /** The same for what it is going to {@link #refund}. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void announceRefunds(Collection<OrderId> orderIds) {
        lockedMoney.getObject().announceOrders(orderIds);
    }

    /**
     * Takes the amount, once per order. A refusal is final: it stays one when the wallet is filled later.
     */
    public ChargeResult charge(ChargeRequest request, Asker asker) {
        LockedMoney money = lockedMoney.getObject();
        Payment earlier = money.payment(request.orderId());
        if (earlier != null) {
            return answerAgain(earlier, request, asker, money);
        }
        String key = switch (asker) {
            case Asker.Command(String command) -> command;
            case Asker.Visitor() -> request.orderId().toString();
        };
        Payment payment = Payment.pending(request, key, clock.instant());
        return switch (request.source()) {
            case FromWallet() -> chargeWallet(payment, request, money);
            case FromCard(String token) -> chargeCard(payment, request, key, asker, money);
        };
    }

    private ChargeResult chargeWallet(Payment payment, ChargeRequest request, LockedMoney money) {
        Wallet wallet = money.wallet(request.customerId());
        Instant now = payment.createdAt();
        if (wallet == null || !wallet.holds(request.amount())) {
            payment.becomeRefused(
                    RefusalCode.INSUFFICIENT_FUNDS, "The wallet holds less than the order costs", now);
            money.add(payment);
            return refusal(payment);
        }
        wallet.take(request.amount());
        payment.becomeCharged(now);
        money.add(payment);
        entries.save(new WalletEntry(
                request.customerId(),
                WalletEntry.Kind.CHARGE,
                request.amount().minorUnits(),
                request.orderId(),
                now));
        return new ChargeResult.Charged(payment, true);
    }

    private ChargeResult chargeCard(
            Payment payment, ChargeRequest request, String key, Asker asker, LockedMoney money) {
        Instant now = payment.createdAt();
        GatewayCall capture = new GatewayCall(Kind.CAPTURE, request.orderId(), request.amount(), key, now, now);
        boolean willBeTold = capture.tell(asker);
        money.add(payment);
        money.add(capture);
        events.publishEvent(new CardCallsDue());
        return new ChargeResult.Undecided(payment, willBeTold);
    }

    private static ChargeResult answerAgain(Payment earlier, ChargeRequest request, Asker asker, LockedMoney money) {
        if (earlier.amount() != null && !earlier.isFor(request)) {
            return new ChargeResult.Different();
        }
        return switch (earlier.status()) {
            case CHARGED -> new ChargeResult.Charged(earlier, false);
            case REFUSED -> refusal(earlier);
            case REFUNDING, REFUNDED -> new ChargeResult.Undone();
            case PENDING -> new ChargeResult.Undecided(
                    earlier, call(money, earlier.orderId(), Kind.CAPTURE).tell(asker));
        };
    }

    private static ChargeResult refusal(Payment payment) {
        return new ChargeResult.Refused(
                Objects.requireNonNull(payment.refusalCode()), Objects.requireNonNull(payment.refusalMessage()));
    }

    /**
     * Gives back what was taken for the order. A charge that is not decided is decided first; one that never came
     * sees to it that it never will.
     */
    public RefundResult refund(OrderId orderId, Asker asker) {
        LockedMoney money = lockedMoney.getObject();
        Payment payment = money.payment(orderId);
        Instant now = clock.instant();
        String key = switch (asker) {
            case Asker.Command(String command) -> command;
            case Asker.Visitor() -> orderId + "/refund";
        };
        if (payment == null) {
            Payment never = Payment.refundedBeforeCharged(orderId, key, now);
            money.add(never);
            return new RefundResult.Refunded(never);
        }
        return switch (payment.status()) {
            case REFUSED, REFUNDED -> new RefundResult.Refunded(payment);
            case REFUNDING -> new RefundResult.Undecided(payment, call(money, orderId, Kind.REFUND).tell(asker));
            case CHARGED -> payment.method() == Payment.Method.WALLET
                    ? refundWallet(payment, now, money)
                    : refundCard(payment, key, asker, now, now, money);
            case PENDING -> {
                call(money, orderId, Kind.CAPTURE).hurry();
                yield refundCard(payment, key, asker, null, now, money);
            }
        };
    }

    private RefundResult refundWallet(Payment payment, Instant now, LockedMoney money) {
        var amount = Objects.requireNonNull(payment.amount());
        String customerId = Objects.requireNonNull(payment.customerId());
        Wallet wallet = Objects.requireNonNull(money.wallet(customerId), "A wallet that was charged is gone");
        wallet.add(amount);
        payment.becomeRefunded(now);
        entries.save(new WalletEntry(
                customerId, WalletEntry.Kind.REFUND, amount.minorUnits(), payment.orderId(), now));
        return new RefundResult.Refunded(payment);
    }

    private RefundResult refundCard(
            Payment payment,
            String key,
            Asker asker,
            @Nullable Instant due,
            Instant now,
            LockedMoney money) {
        GatewayCall refund = new GatewayCall(
                Kind.REFUND, payment.orderId(), Objects.requireNonNull(payment.amount()), key, due, now);
        boolean willBeTold = refund.tell(asker);
        payment.becomeRefunding(now);
        money.add(refund);
        events.publishEvent(new CardCallsDue());
        return new RefundResult.Undecided(payment, willBeTold);
    }

    /** What the order was charged and what became of that. */
    @Transactional(readOnly = true)
    public Optional<Payment> find(OrderId orderId) {
        return payments.findById(orderId.value());
    }

    private static GatewayCall call(LockedMoney money, OrderId orderId, Kind kind) {
        return Objects.requireNonNull(
                money.call(orderId, kind), () -> "Expected a " + kind + " of order " + orderId + " but there is none");
    }
}
