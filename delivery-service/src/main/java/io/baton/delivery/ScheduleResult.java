package io.baton.delivery;

/** What became of the wish to have an order delivered. */
public sealed interface ScheduleResult {

    /** It is in the carrier's plan, now or before. */
    record Scheduled(String deliveryId) implements ScheduleResult {}

    /** We do not deliver to the country, or did not when it was first asked for. */
    record NotServed(String message) implements ScheduleResult {}
}
