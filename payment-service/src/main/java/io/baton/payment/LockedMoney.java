package io.baton.payment;

import io.baton.contract.OrderId;
import io.baton.payment.ClaimedCall.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Scope;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The payments, wallets and gateway calls that one transaction works on, each locked and loaded once.
 *
 * <p>Everybody locks payments first (in the order of their ids), then wallets (in the order of their customers), then
 * gateway calls. So payments are locked when they are announced; wallets are only noted then, and locked by one query
 * for everybody who announced some, when the first is used. Using what was not announced is correct too, but costs a
 * query of its own, and may end in a deadlock, whose loser is rolled back and tries again.
 */
@Component
@Scope("transaction")
class LockedMoney implements TransactionSynchronization {

    private static final String ONE_PER_ORDER = "payment_pkey";

    private final Payments payments;
    private final Wallets wallets;
    private final GatewayCalls calls;

    private final Set<String> announcedCustomers = new HashSet<>();

    /** Null for what was looked for and is not there. */
    private final Map<Long, @Nullable Payment> paymentByOrder = new HashMap<>();

    private final Map<String, @Nullable Wallet> walletByCustomer = new HashMap<>();
    private final Map<Long, List<GatewayCall>> callsByOrder = new HashMap<>();

    LockedMoney(Payments payments, Wallets wallets, GatewayCalls calls) {
        this.payments = payments;
        this.wallets = wallets;
        this.calls = calls;
        TransactionSynchronizationManager.registerSynchronization(this);
    }

    /** Locks the orders' payments, and notes the wallets that giving them back will need. */
    void announceOrders(Collection<OrderId> orderIds) {
        Set<Long> unknown = new HashSet<>();
        for (OrderId orderId : orderIds) {
            if (!paymentByOrder.containsKey(orderId.value())) {
                unknown.add(orderId.value());
                paymentByOrder.put(orderId.value(), null);
            }
        }
        if (unknown.isEmpty()) {
            return;
        }
        for (Payment payment : payments.lock(unknown.toArray(Long[]::new))) {
            paymentByOrder.put(payment.getId(), payment);
            String customerId = payment.customerId();
            if (payment.method() == Payment.Method.WALLET && customerId != null) {
                announceCustomer(customerId);
            }
        }
    }

    /** The customer's wallet is going to be needed. */
    void announceCustomer(String customerId) {
        if (!walletByCustomer.containsKey(customerId)) {
            announcedCustomers.add(customerId);
        }
    }

    /** The order's locked payment, or null if there is none. */
    @Nullable Payment payment(OrderId orderId) {
        announceOrders(Set.of(orderId));
        return paymentByOrder.get(orderId.value());
    }

    /** The customer's locked wallet, or null if there is none. */
    @Nullable Wallet wallet(String customerId) {
        announceCustomer(customerId);
        if (!announcedCustomers.isEmpty()) {
            announcedCustomers.forEach(customer -> walletByCustomer.put(customer, null));
            wallets.lock(announcedCustomers.toArray(String[]::new))
                    .forEach(wallet -> walletByCustomer.put(wallet.customerId(), wallet));
            announcedCustomers.clear();
        }
        return walletByCustomer.get(customerId);
    }

    /** The same after the wallet was made by this transaction or another. */
    @Nullable Wallet createdWallet(String customerId) {
        walletByCustomer.remove(customerId);
        return wallet(customerId);
    }

    /** The order's locked call of this kind, or null if there is none. */
    @Nullable GatewayCall call(OrderId orderId, Kind kind) {
        announceCalls(Set.of(orderId));
        return callsByOrder.getOrDefault(orderId.value(), List.of()).stream()
                .filter(call -> call.kind() == kind)
                .findFirst()
                .orElse(null);
    }

    /** Locks all calls for these orders, whose payments have been announced. */
    void announceCalls(Collection<OrderId> orderIds) {
        Set<Long> unknown = new HashSet<>();
        for (OrderId orderId : orderIds) {
            if (!callsByOrder.containsKey(orderId.value())) {
                unknown.add(orderId.value());
                callsByOrder.put(orderId.value(), List.of());
            }
        }
        if (!unknown.isEmpty()) {
            calls.lock(unknown.toArray(Long[]::new)).forEach(this::remember);
        }
    }

    /** Stores a payment for an order that has none. */
    void add(Payment payment) {
        paymentByOrder.put(payment.getId(), payments.save(payment));
        callsByOrder.put(payment.getId(), List.of());
    }

    /** Stores a call of a kind that its order has none of. */
    void add(GatewayCall call) {
        GatewayCall stored = calls.save(call);
        if (callsByOrder.containsKey(call.orderId().value())) {
            remember(stored);
        }
    }

    /**
     * Writes everything.
     *
     * @throws ConcurrencyFailureException if another transaction has stored a payment for one of the orders since it
     *     was looked for; trying again finds it
     */
    @Override
    public void beforeCommit(boolean readOnly) {
        try {
            payments.flush();
        } catch (DataIntegrityViolationException e) {
            if (e.getCause() instanceof ConstraintViolationException violation
                    && ONE_PER_ORDER.equals(violation.getConstraintName())) {
                throw new ConcurrencyFailureException("Two transactions met on one order's first payment", e);
            }
            throw e;
        }
    }

    private void remember(GatewayCall call) {
        callsByOrder.merge(call.orderId().value(), List.of(call), (some, more) -> {
            List<GatewayCall> all = new ArrayList<>(some);
            all.addAll(more);
            return all;
        });
    }
}
