package io.baton.lab.load;

/** How an order is meant to end. */
enum OrderKind {
    FINE,
    REFUSED_BY_PAYMENT,
    REFUSED_BY_STOCK,
    REFUSED_BY_DELIVERY;

    boolean completes() {
        return this == FINE;
    }
}
