package io.baton.order.rest;

import io.baton.contract.OrderId;
import io.baton.http.ProblemException;

/** Reads order ids from paths. What cannot be one names no order either. */
final class OrderIds {

    private OrderIds() {}

    static OrderId parse(String orderId) {
        try {
            return OrderId.parse(orderId);
        } catch (IllegalArgumentException e) {
            throw noSuchOrder();
        }
    }

    static ProblemException noSuchOrder() {
        return ProblemException.notFound("There is no order with this id.");
    }
}
