package io.baton.order.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.baton.http.MoneyJson;
import io.baton.order.CancellationReason;
import io.baton.order.OrderSnapshot;
import io.baton.order.OrderStatus;
import io.baton.order.PricedLine;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order as clients see it.
 *
 * @param version counts the order's changes from 1; stands in the entity tag too
 * @param reason only when the order is cancelled
 * @param cancellation only when its customer wished that it be
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OrderJson(
        String orderId,
        String customerId,
        OrderStatus status,
        int version,
        @Nullable CancellationReason reason,
        @Nullable CancellationJson cancellation,
        List<Item> items,
        MoneyJson total,
        Instant placedAt,
        Instant updatedAt,
        @JsonProperty("_links") Links links) {

    /** @param price of one piece, when the order was placed */
    record Item(String sku, int quantity, MoneyJson price) {

        static Item of(PricedLine line) {
            return new Item(line.sku(), line.quantity(), MoneyJson.of(line.price()));
        }
    }

    record Links(Link self) {}

    record Link(String href) {}

    static OrderJson of(OrderSnapshot order) {
        return new OrderJson(
                order.id().toString(),
                order.customerId(),
                order.status(),
                order.version(),
                order.reason(),
                CancellationJson.of(order.cancellation()),
                order.lines().stream().map(Item::of).toList(),
                MoneyJson.of(order.total()),
                order.placedAt(),
                order.updatedAt(),
                new Links(new Link("/orders/" + order.id())));
    }
}
