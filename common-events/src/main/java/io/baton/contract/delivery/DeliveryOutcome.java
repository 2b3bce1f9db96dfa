package io.baton.contract.delivery;

import io.baton.contract.Outcome;

/** What the delivery service answers. */
public sealed interface DeliveryOutcome extends Outcome permits DeliveryScheduled, DeliveryRefused, DeliveryCancelled {}
