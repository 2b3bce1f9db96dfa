package io.baton.payment;

/** Calls to the gateway became due in this transaction. */
public record CardCallsDue() {}
