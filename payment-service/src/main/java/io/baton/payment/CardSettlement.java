package io.baton.payment;

import io.baton.contract.OrderId;
import io.baton.contract.RefusalCode;
import io.baton.payment.ClaimedCall.Kind;
import io.baton.payment.GatewayAnswer.Booked;
import io.baton.payment.GatewayAnswer.Declined;
import io.baton.payment.GatewayAnswer.NotAsked;
import io.baton.payment.GatewayAnswer.Undecided;
import io.baton.payment.GatewayCall.State;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Records what the card gateway answered: settles the payment, tells the command that waits, and opens or drops the
 * refund that waits. An answer that decides nothing only sets the time of the next try.
 */
@Service
public class CardSettlement {

    private static final Logger log = LoggerFactory.getLogger(CardSettlement.class);

    private final ObjectProvider<LockedMoney> lockedMoney;
    private final WaitingCommands waiting;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    CardSettlement(
            ObjectProvider<LockedMoney> lockedMoney,
            WaitingCommands waiting,
            ApplicationEventPublisher events,
            Clock clock) {
        this.lockedMoney = lockedMoney;
        this.waiting = waiting;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Records the answers in one transaction, all or none of them. An answer to a call that is closed already changes
     * nothing.
     */
    @Transactional
    public void record(Collection<CalledGateway> answered) {
        LockedMoney money = lockedMoney.getObject();
        List<OrderId> orderIds =
                answered.stream().map(called -> called.call().orderId()).toList();
        money.announceOrders(orderIds);
        money.announceCalls(orderIds);
        for (CalledGateway called : answered) {
            OrderId orderId = called.call().orderId();
            Payment payment = Objects.requireNonNull(money.payment(orderId));
            GatewayCall capture = Objects.requireNonNull(money.call(orderId, Kind.CAPTURE));
            GatewayCall refund = money.call(orderId, Kind.REFUND);
            switch (called.call().kind()) {
                case CAPTURE -> recordCapture(called, payment, capture, refund);
                case REFUND -> recordRefund(called, payment, Objects.requireNonNull(refund));
            }
        }
    }

    private void recordCapture(
            CalledGateway called, Payment payment, GatewayCall capture, @Nullable GatewayCall refund) {
        if (capture.state() != State.OPEN) {
            return;
        }
        switch (called.answer()) {
            case Booked booked when isWrong(booked, capture) -> retry(called, capture, wrongAmount(booked));
            case Booked booked -> {
                capture.book(booked.gatewayId());
                if (capture.command() != null) {
                    waiting.charged(capture.command(), payment.orderId());
                }
                if (refund == null) {
                    payment.becomeCharged(clock.instant());
                    events.publishEvent(new PaymentDecided(payment.orderId()));
                } else {
                    refund.open(called.call().claimedAt());
                    events.publishEvent(new CardCallsDue());
                }
            }
            case Declined() -> {
                capture.close(State.DECLINED);
                refuse(payment, RefusalCode.CARD_DECLINED, "The card's issuer declined", capture, refund);
            }
            case NotAsked() when capture.claims() == called.call().claim() -> {
                capture.close(State.DROPPED);
                refuse(payment, RefusalCode.TIMEOUT, "The charge was undone before it was made", capture, refund);
            }
            // Somebody else has taken the call since, and may have made it.
            case NotAsked() -> {}
            case Undecided(boolean mayBeKnown, String problem) -> {
                retry(called, capture, problem);
                if (!mayBeKnown && !called.call().mayBeKnown()) {
                    capture.forgetClaim(called.call().claim());
                }
            }
        }
    }

    private void refuse(
            Payment payment, String code, String message, GatewayCall capture, @Nullable GatewayCall refund) {
        payment.becomeRefused(code, message, clock.instant());
        events.publishEvent(new PaymentDecided(payment.orderId()));
        if (capture.command() != null) {
            waiting.refused(capture.command(), payment.orderId(), code, message);
        }
        if (refund != null) {
            refund.close(State.DROPPED);
            if (refund.command() != null) {
                waiting.refunded(refund.command(), payment.orderId());
            }
        }
    }

    private void recordRefund(CalledGateway called, Payment payment, GatewayCall refund) {
        if (refund.state() != State.OPEN) {
            return;
        }
        switch (called.answer()) {
            case Booked booked when isWrong(booked, refund) -> retry(called, refund, wrongAmount(booked));
            case Booked booked -> {
                refund.book(booked.gatewayId());
                payment.becomeRefunded(clock.instant());
                events.publishEvent(new PaymentDecided(payment.orderId()));
                if (refund.command() != null) {
                    waiting.refunded(refund.command(), payment.orderId());
                }
            }
            case Declined() -> retry(called, refund, "The gateway declined a refund");
            case NotAsked() -> retry(called, refund, null);
            case Undecided(boolean mayBeKnown, String problem) -> retry(called, refund, problem);
        }
    }

    private static void retry(CalledGateway called, GatewayCall call, @Nullable String problem) {
        if (problem != null && !problem.equals(call.problem())) {
            log.error(
                    "{} of order {} needs a person: {}. It stays open and is asked again with the same key",
                    call.kind(),
                    call.orderId(),
                    problem);
        }
        call.retryAt(called.retryAt());
        call.note(problem);
    }

    private static boolean isWrong(Booked booked, GatewayCall call) {
        return !booked.amount().equals(call.amount());
    }

    private static String wrongAmount(Booked booked) {
        return "The gateway says that it booked " + booked.amount().minorUnits() + " "
                + booked.amount().currency() + " (minor units), which is not what it was asked for";
    }
}
