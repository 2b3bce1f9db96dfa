package io.baton.contract.payment;

import io.baton.contract.Outcome;

/** What the payment service answers. */
public sealed interface PaymentOutcome extends Outcome permits PaymentCharged, PaymentRefused, PaymentRefunded {}
