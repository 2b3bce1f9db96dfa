package io.baton.order.rest;

import io.baton.http.EntityTags;
import io.baton.http.IdempotencyKey;
import io.baton.http.Prefer;
import io.baton.http.ProblemException;
import io.baton.http.Violation;
import io.baton.http.access.Caller;
import io.baton.http.access.Opening;
import io.baton.order.IdempotentRequest;
import io.baton.order.Order;
import io.baton.order.OrderSnapshot;
import io.baton.order.OrderWish;
import io.baton.order.Orders;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /orders} and {@code GET /orders/{orderId}}. */
@RestController
class OrderController {

    private final OrderAcceptance acceptance;
    private final Orders orders;
    private final JsonMapper mapper;

    OrderController(OrderAcceptance acceptance, Orders orders, JsonMapper mapper) {
        this.acceptance = acceptance;
        this.orders = orders;
        this.mapper = mapper;
    }

    @PostMapping("/orders")
    ResponseEntity<OrderJson> place(
            @RequestBody PlaceOrderJson body, Prefer prefer, @Nullable IdempotencyKey key, Caller caller) {
        OrderWish wish = PlaceOrderReader.read(body);
        if (!caller.mayActFor(wish.customerId())) {
            throw ProblemException.invalid(List.of(new Violation(
                    "/customerId", "NOT_YOURS", "Expected the customer whom your token names: " + caller.customer() + ".")));
        }
        return acceptance.accept(
                wish, prefer, key == null ? null : new IdempotentRequest(scoped(key, caller), hash(body)));
    }

    @GetMapping("/orders/{orderId}")
    ResponseEntity<OrderJson> order(@PathVariable String orderId, Caller caller) {
        Order order = orders.find(OrderIds.parse(orderId));
        if (order == null) {
            throw OrderIds.noSuchOrder();
        }
        OrderSnapshot snapshot = order.snapshot();
        if (!caller.mayActFor(snapshot.customerId())) {
            throw OrderIds.noSuchOrder();
        }
        return EntityTags.ok(snapshot.version(), OrderJson.of(snapshot));
    }

    /** Customers choose their keys independently of one another. No key that a client can send holds a space. */
    private static String scoped(IdempotencyKey key, Caller caller) {
        return caller.customer() == null ? key.value() : caller.customer() + " " + key.value();
    }

    /** Of the body as it was understood, so that spaces and the order of fields make no difference. */
    private byte[] hash(PlaceOrderJson body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(mapper.writeValueAsBytes(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OpenToCustomers {

        @Bean
        Opening placingOrders() {
            return new Opening(HttpMethod.POST, "/orders", Opening.To.CUSTOMERS);
        }

        @Bean
        Opening seeingOrders() {
            return new Opening(HttpMethod.GET, "/orders/{orderId}", Opening.To.CUSTOMERS);
        }
    }
}
