package io.baton.contract.payment;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.contract.order.PaymentMethod;
import org.jspecify.annotations.Nullable;

/**
 * Take the order's price from the customer.
 *
 * @param amount more than zero
 * @param cardToken present exactly with {@link PaymentMethod#CARD}
 */
public record ChargePayment(
        OrderId orderId, String customerId, Money amount, PaymentMethod method, @Nullable String cardToken)
        implements PaymentCommand {}
