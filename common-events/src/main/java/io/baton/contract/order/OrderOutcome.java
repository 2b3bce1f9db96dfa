package io.baton.contract.order;

import io.baton.contract.Outcome;

/** What became of an order; both the reply to a command and the event for everybody. */
public sealed interface OrderOutcome extends Outcome permits OrderCompleted, OrderCancelled, OrderKept {}
