package io.baton.lab.tour;

import io.baton.lab.tour.Shop.Stock;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The tour. Everything is compared with what was there before, so it can be played again and again on the same system,
 * as long as nobody else orders meanwhile.
 */
public final class Tour {

    private static final Duration END_PATIENCE = Duration.ofSeconds(30);
    private static final Duration RETURN_PATIENCE = Duration.ofSeconds(90);
    private static final BigDecimal PRICE = new BigDecimal("49.99");
    private static final String KEYBOARD = "KEYBOARD";
    private static final String LAMP = "LAMP";
    private static final String CUSTOMER = "c-1";
    private static final String POOR_CUSTOMER = "poor";
    private static final String PAYMENT = "payment-service";
    private static final List<String> FORWARD =
            List.of("STARTED", "PAYMENT_COMPLETED", "INVENTORY_RESERVED", "DELIVERY_SCHEDULED", "COMPLETED");

    private static final List<String> COMPENSATIONS = List.of("ReleaseStock", "RefundPayment", "CancelOrder");

    private final TourTarget target;
    private final Guide guide;
    private final Shop shop;
    private final PrintStream out;

    public Tour(HttpClient http, TourTarget target, PrintStream out) {
        this.target = target;
        this.out = out;
        this.guide = new Guide(out);
        this.shop = new Shop(http, target, guide);
    }

    /** Plays the tour and returns whether everything was as it should be; what was not is printed. */
    public boolean play() {
        long begun = System.nanoTime();
        out.printf("%nThe tour. For the commands: OPERATOR=%s:%s%n", target.operatorUser(), target.operatorPassword());
        try {
            fillTheShop();
            succeed();
            refuseForPayment();
            refuseForStock();
            refuseForDelivery();
            surviveTheAbsenceOfPayment();
        } catch (TourException problem) {
            guide.expect("the tour", "an end", problem.getMessage());
        }
        List<String> differences = guide.differences();
        if (differences.isEmpty()) {
            double seconds = (System.nanoTime() - begun) / 1e9;
            out.printf("%nThe tour is over: everything was as it should be (%.0f s).%n", seconds);
        } else {
            out.printf("%nThe tour is over, and not everything was as it should be:%n");
            differences.forEach(difference -> out.println("  " + difference));
        }
        return differences.isEmpty();
    }

    private void fillTheShop() {
        guide.heading("A product on the shelf, money in a wallet");
        shop.product(KEYBOARD, "Keyboard", PRICE.toString());
        shop.receipt(KEYBOARD, 100);
        shop.product(LAMP, "Lamp", "19.90");
        shop.credit(CUSTOMER, "500.00");
        guide.say("%d KEYBOARD available, %d LAMP; %s has %s EUR, %s has %s EUR."
                .formatted(
                        shop.stock(KEYBOARD).available(),
                        shop.stock(LAMP).available(),
                        CUSTOMER,
                        shop.balance(CUSTOMER),
                        POOR_CUSTOMER,
                        shop.balance(POOR_CUSTOMER)));
    }

    private void succeed() {
        guide.heading("An order that succeeds");
        Stock stock = shop.stock(KEYBOARD);
        BigDecimal balance = shop.balance(CUSTOMER);
        JsonNode order = place(CUSTOMER, KEYBOARD, 2, "DE");
        JsonNode ended = ended(order, END_PATIENCE);
        guide.expect("the order's status", "COMPLETED", ended.path("status").asString());
        List<String> path = path(order);
        guide.expect("the path", FORWARD, path);
        Stock after = new Stock(stock.available() - 2, stock.reserved(), stock.shipped() + 2);
        AtomicReference<Stock> seen = new AtomicReference<>(stock);
        // The goods are marked as shipped by listening to the order's event, a moment after the saga's end.
        Patience.until(END_PATIENCE, () -> {
            seen.set(shop.stock(KEYBOARD));
            return seen.get().equals(after);
        });
        guide.expect("the stock", after, seen.get());
        BigDecimal paid = PRICE.multiply(BigDecimal.TWO);
        guide.expect("the balance", balance.subtract(paid), shop.balance(CUSTOMER));
        guide.say("paid %s EUR, 2 KEYBOARD shipped: %s EUR and %d KEYBOARD are left"
                .formatted(paid, shop.balance(CUSTOMER), seen.get().available()));
    }

    private void refuseForPayment() {
        guide.heading("An order that the payment refuses: " + POOR_CUSTOMER + " has no money");
        refused(POOR_CUSTOMER, KEYBOARD, 1, "DE", "INSUFFICIENT_FUNDS", "payment", List.of("CancelOrder"));
    }

    private void refuseForStock() {
        guide.heading("An order that the inventory refuses: there are not that many lamps");
        int tooMany = Math.toIntExact(shop.stock(LAMP).available() + 1);
        refused(CUSTOMER, LAMP, tooMany, "DE", "OUT_OF_STOCK", "inventory", List.of("RefundPayment", "CancelOrder"));
    }

    private void refuseForDelivery() {
        guide.heading("An order that the delivery refuses: nobody drives to Antarctica");
        refused(
                CUSTOMER,
                KEYBOARD,
                1,
                "AQ",
                "ADDRESS_NOT_SERVED",
                "delivery",
                List.of("ReleaseStock", "RefundPayment", "CancelOrder"));
    }

    private void refused(
            String customer, String sku, int quantity, String country, String code, String step, List<String> undone) {
        Stock stock = shop.stock(sku);
        BigDecimal balance = shop.balance(customer);
        JsonNode order = place(customer, sku, quantity, country);
        JsonNode ended = ended(order, END_PATIENCE);
        JsonNode reason = ended.path("reason");
        guide.expect("the order's status", "CANCELLED", ended.path("status").asString());
        guide.expect("the reason's code", code, reason.path("code").asString());
        guide.expect("the reason's step", step, reason.path("step").asString());
        guide.say("because: " + reason.path("message").asString());
        List<String> path = path(order);
        guide.expect("the end of the path", "COMPENSATED", path.isEmpty() ? null : path.getLast());
        guide.expect("what was undone, in this order", undone, undone(order));
        guide.expect("the stock", stock, shop.stock(sku));
        guide.expect("the balance", balance, shop.balance(customer));
        guide.say("undone: %s; %s has %s EUR as before, %d %s are available as before"
                .formatted(
                        String.join(", ", undone(order)),
                        customer,
                        shop.balance(customer),
                        shop.stock(sku).available(),
                        sku));
    }

    private void surviveTheAbsenceOfPayment() {
        guide.heading("The payment service is away");
        BigDecimal balance = shop.balance(CUSTOMER);
        guide.command(target.stopCommand(PAYMENT));
        target.stop(PAYMENT);
        JsonNode order;
        try {
            order = place(CUSTOMER, KEYBOARD, 1, "DE");
            for (int look = 0; look < 3; look++) {
                Patience.pause(Duration.ofSeconds(1));
                JsonNode saga = shop.saga(orderId(order));
                guide.say("order %s, saga %s"
                        .formatted(
                                shop.order(order).path("status").asString(),
                                saga == null ? "not taken up yet" : state(saga)));
            }
            guide.expect("the order's status", "PENDING", shop.order(order).path("status").asString());
        } finally {
            guide.command(target.startCommand(PAYMENT));
            target.start(PAYMENT);
        }
        JsonNode ended = ended(order, RETURN_PATIENCE);
        guide.expect("the order's status", "COMPLETED", ended.path("status").asString());
        guide.expect("the path", FORWARD, path(order));
        Patience.until(RETURN_PATIENCE, () -> shop.isReady(PAYMENT));
        guide.expect("the balance", balance.subtract(PRICE), shop.balance(CUSTOMER));
        guide.say("paid once: %s EUR are left".formatted(shop.balance(CUSTOMER)));
    }

    /** Places an order. Right after a product was made known, the order service may not have heard of it yet. */
    private JsonNode place(String customer, String sku, int quantity, String country) {
        String body = """
                {"customerId":"%s","items":[{"sku":"%s","quantity":%d}],"payment":{"method":"WALLET"},\
                "deliveryAddress":{"name":"Ada","line1":"Main Street 1","city":"Berlin","postalCode":"10115",\
                "country":"%s"}}""".formatted(customer, sku, quantity, country);
        guide.command(shop.orderCommand(body));
        AtomicReference<Shop.Reply> reply = new AtomicReference<>(shop.order(body));
        Patience.until(END_PATIENCE, () -> {
            if (reply.get().status() == 400) {
                reply.set(shop.order(body));
            }
            return reply.get().status() != 400;
        });
        if (reply.get().status() != 202) {
            throw new TourException("The order was not accepted: %d %s"
                    .formatted(reply.get().status(), reply.get().body()));
        }
        return reply.get().body();
    }

    private JsonNode ended(JsonNode order, Duration limit) {
        AtomicReference<JsonNode> seen = new AtomicReference<>(order);
        boolean inTime = Patience.until(limit, () -> {
            seen.set(shop.order(order));
            return !seen.get().path("status").asString().equals("PENDING");
        });
        if (!inTime) {
            JsonNode saga = shop.saga(orderId(order));
            throw new TourException("Order %s did not end within %d s; its saga is %s"
                    .formatted(orderId(order), limit.toSeconds(), saga == null ? "missing" : saga));
        }
        guide.say("order %s: %s".formatted(orderId(order), seen.get().path("status").asString()));
        return seen.get();
    }

    /** The states that the saga went through, each once. */
    private List<String> path(JsonNode order) {
        AtomicReference<List<String>> states = new AtomicReference<>(List.of());
        // The order is told before the saga hears of it: its last line may come a moment later.
        Patience.until(END_PATIENCE, () -> {
            states.set(states(order));
            return !states.get().isEmpty()
                    && List.of("COMPLETED", "COMPENSATED").contains(states.get().getLast());
        });
        guide.say("path: " + String.join(" -> ", states.get()));
        return states.get();
    }

    private List<String> states(JsonNode order) {
        List<String> states = new ArrayList<>();
        for (JsonNode line : log(order)) {
            String state = line.path("to").asString();
            if (states.isEmpty() || !states.getLast().equals(state)) {
                states.add(state);
            }
        }
        return states;
    }

    /** The compensations that the saga's log names, in its order. */
    private List<String> undone(JsonNode order) {
        List<String> undone = new ArrayList<>();
        for (JsonNode line : log(order)) {
            String message = line.path("message").asString("");
            if (COMPENSATIONS.contains(message) && !undone.contains(message)) {
                undone.add(message);
            }
        }
        return undone;
    }

    private JsonNode log(JsonNode order) {
        JsonNode saga = shop.saga(orderId(order));
        if (saga == null) {
            throw new TourException("There is no saga for order " + orderId(order));
        }
        return shop.sagaWithLog(saga.path("sagaId").asString()).path("log");
    }

    private static String state(JsonNode saga) {
        @Nullable String step = saga.path("step").asString(null);
        return saga.path("state").asString() + (step == null ? "" : ", waiting for " + step);
    }

    private static String orderId(JsonNode order) {
        return order.path("orderId").asString();
    }
}
