package io.baton.delivery;

/** What became of the wish to have an order delivered. */
public sealed interface ScheduleResult {

    /** It is in the carrier's plan, now or before. */
    record Scheduled(String deliveryId) implements ScheduleResult {}

    /** We do not deliver to the country, or did not when it was first asked for. */
    record NotServed(String message) implements ScheduleResult {}

    /** It was cancelled, perhaps before it was ever asked for; nothing is scheduled and nothing will be. */
    record Cancelled(String message) implements ScheduleResult {}
}
