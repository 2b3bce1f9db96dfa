package io.baton.contract.order;

import org.jspecify.annotations.Nullable;

/**
 * Where an order goes. Personal data: it stands in commands and databases, never in logs, headers or metrics.
 *
 * @param country two upper-case letters of ISO 3166-1
 */
public record DeliveryAddress(
        String name, String line1, @Nullable String line2, String city, String postalCode, String country) {}
