package io.baton.orchestrator.console;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Answers of the orchestrator's endpoints, made up: much data, or none, or hostile text in every place that can hold one. */
final class MockFixtures {

    /** What a browser must show and never run: markup, text that turns around, and a lot of it. */
    static final String HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
            + "\u202eesrever\u2066 javascript:alert(1) '\"`${x}";

    private static final List<String> STEPS = List.of("order", "payment", "inventory", "delivery", "completion");

    boolean empty;
    boolean viewer;
    boolean hostile;
    /** Whether the participant did not answer after an operator's retry either. */
    boolean silentAgain;
    /** Whether a page is empty, and others are not. */
    boolean furtherOn;

    /** A map of name, value, name, value …; a null value leaves the name out. */
    static Map<String, Object> map(@Nullable Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1] != null) {
                map.put(String.valueOf(pairs[i]), pairs[i + 1]);
            }
        }
        return map;
    }

    String text(String harmless) {
        return hostile ? HOSTILE + " ".repeat(3) + "x".repeat(10_000) : harmless;
    }

    private String before(Duration age) {
        return Instant.now().minus(age).truncatedTo(ChronoUnit.MILLIS).toString();
    }

    Object whoami() {
        return viewer
                ? map("user", "vera", "roles", List.of("viewer"), "canAct", false, "whyNot",
                        "The role viewer may look and not act.")
                : map("user", "olga", "roles", List.of("operator"), "canAct", true);
    }

    Object definitions() {
        return map("definitions", List.of(fulfilment(), cancellation()), "asOf", Instant.now().toString());
    }

    private Map<String, Object> fulfilment() {
        return map("name", "order-fulfilment", "version", 1, "hash", "5b0cf2a91d3377aa", "current", true,
                "pivot", "delivery", "deadline", "PT10M", "mermaid", "stateDiagram-v2\n    [*] --> STARTED : started",
                "steps", List.of(
                        step("order", "COMPENSABLE", "order", null, "CancelOrder", 0),
                        step("payment", "COMPENSABLE", "payment", "ChargePayment", "RefundPayment", 1),
                        step("inventory", "COMPENSABLE", "inventory", "ReserveStock", "ReleaseStock", 2),
                        step("delivery", "PIVOT", "delivery", "ScheduleDelivery", null, 3),
                        step("completion", "RETRIABLE", "order", "CompleteOrder", null, 4)),
                "inFlight", empty ? List.of() : List.of(
                        flight("payment", "STARTED", 128), flight("inventory", "PAYMENT_COMPLETED", 64),
                        flight("delivery", "INVENTORY_RESERVED", 41), flight("completion", "DELIVERY_SCHEDULED", 9),
                        flight("payment", "COMPENSATING", 17), flight("inventory", "COMPENSATING", 5),
                        flight("payment", "STUCK", 12), flight("delivery", "STUCK", 388),
                        flight("inventory", "STUCK", 3)));
    }

    private Map<String, Object> cancellation() {
        return map("name", "order-cancellation", "version", 1, "hash", "aa17c2d0", "current", true, "pivot", "delivery",
                "deadline", "PT10M", "steps", List.of(
                        step("order", "COMPENSABLE", "order", null, "KeepOrder", 0),
                        step("delivery", "PIVOT", "delivery", "CancelDelivery", null, 1),
                        step("inventory", "RETRIABLE", "inventory", "ReturnStock", null, 2),
                        step("payment", "RETRIABLE", "payment", "RefundPayment", null, 3),
                        step("completion", "RETRIABLE", "order", "CancelOrder", null, 4)),
                "inFlight", empty ? List.of() : List.of(flight("delivery", "STARTED", 3)));
    }

    private static Map<String, Object> step(
            String name, String kind, String participant, @Nullable String action, @Nullable String undo, int stage) {
        return map("name", name, "kind", kind, "participant", participant, "action", action, "compensation", undo,
                "timeout", "PT10S", "attempts", 6, "backoffBase", "PT1S", "backoffCap", "PT30S", "stage", stage);
    }

    private static Map<String, Object> flight(String step, String state, int count) {
        return map("step", step, "state", state, "count", count);
    }

    Object stats() {
        List<Object> minutes = new ArrayList<>();
        for (int i = 29; i >= 0; i--) {
            int started = empty ? 0 : 380 + (i * 7919 % 97) - (i == 12 ? 260 : 0);
            minutes.add(map("at", Instant.now().minus(Duration.ofMinutes(i)).truncatedTo(ChronoUnit.MINUTES).toString(),
                    "started", started, "completed", started * 88 / 100, "compensated", started * 9 / 100));
        }
        return map("asOf", Instant.now().toString(), "window", map("sagas", empty ? 0 : 5_000, "since", before(Duration.ofHours(1))),
                "definitions", List.of(
                        map("definition", "order-fulfilment", "started", empty ? 0 : 1_204_117, "completed", empty ? 0 : 1_081_330,
                                "compensated", empty ? 0 : 122_120, "open", empty ? 0 : 664, "stuck", empty ? 0 : 403,
                                "paused", empty ? 0 : 2, "completionRate", empty ? null : 0.8985, "durations",
                                empty ? null : map("mean", 61.2, "p50", 38.0, "p95", 142.0, "p99", 2210.0),
                                "compensationsByStep", empty ? List.of() : List.of(
                                        map("step", "inventory", "code", "OUT_OF_STOCK", "count", 71_204),
                                        map("step", "payment", "code", text("INSUFFICIENT_FUNDS"), "count", 40_871)),
                                "unknownMillis", empty ? null : 128_400, "oldestOpen", empty ? null : before(Duration.ofHours(31)),
                                "oldestMoving", empty ? null : before(Duration.ofMinutes(7))),
                        map("definition", "order-cancellation", "started", empty ? 0 : 4101, "completed", empty ? 0 : 3990,
                                "compensated", empty ? 0 : 108, "open", empty ? 0 : 3, "stuck", 0)),
                "states", List.of(),
                "stuck", empty ? List.of() : List.of(
                        map("reason", "OUTCOME_UNKNOWN", "count", 388), map("reason", "COMPENSATION_FAILED", "count", 12),
                        map("reason", "MESSAGE_DEAD_LETTERED", "count", 3)),
                "heat", empty ? List.of() : List.of(
                        heat("payment", 101, 20, 7, 12, 0, 0), heat("inventory", 61, 5, 0, 0, 3, 0),
                        heat("delivery", 40, 1, 0, 214, 170, 4), heat("completion", 9, 0, 0, 0, 0, 0)),
                "throughput", empty ? List.of() : minutes,
                "system", map("timersOverdue", empty ? 0 : 4, "outboxPending", empty ? 0 : 2, "outboxOldestAge",
                        empty ? null : "PT0.4S", "consumerLag", empty ? List.of() : List.of(
                                map("group", "delivery-service", "topic", "delivery.commands", "lag", 1_911),
                                map("group", "payment-service", "topic", "payment.commands", "lag", 12)),
                        "deadLetters", map("NEW", empty ? 0 : 3), "instances", 2, "holds", empty ? 0 : 1));
    }

    private static Map<String, Object> heat(String step, int... counts) {
        List<String> buckets = List.of("<10s", "<1m", "<5m", "<1h", "<1d", "older");
        return map("definition", "order-fulfilment", "step", step, "ages", IntStream.range(0, 6)
                .mapToObj(i -> map("bucket", buckets.get(i), "count", counts[i]))
                .toList());
    }

    Object groups() {
        return map("groups", empty ? List.of() : List.of(
                group("delivery", "OUTCOME_UNKNOWN", null, 388, 4, 61, text("No answer to ScheduleDelivery after 6 attempts.")),
                group("payment", "COMPENSATION_FAILED", text("GATEWAY_UNAVAILABLE"), 12, 0, 12,
                        "RefundPayment failed 6 times: the gateway answered 503."),
                group("inventory", "MESSAGE_DEAD_LETTERED", null, 3, 0, 0, "ReserveStock could not be handled.")),
                "total", empty ? 0 : 403, "asOf", Instant.now().toString());
    }

    private Map<String, Object> group(
            String step, String reason, @Nullable String error, int count, int snoozed, int hour, String sample) {
        return map("definition", "order-fulfilment", "step", step, "reason", reason, "error", error, "participant", step,
                "count", count, "snoozed", snoozed, "oldest", before(Duration.ofHours(31)), "newest",
                before(Duration.ofMinutes(2)), "lastHour", hour, "sampleMessage", sample);
    }

    /** The list: fifty of them, of all kinds. */
    Object sagas(@Nullable String cursor) {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < (empty || furtherOn ? 0 : 50); i++) {
            items.add(saga(i + (cursor == null ? 0 : 50)));
        }
        return map("items", items, "next", empty || cursor != null ? null : id(50), "asOf", Instant.now().toString());
    }

    static String id(int i) {
        return "0JT9ZC4%06d".formatted(i * 37 % 1_000_000);
    }

    Map<String, Object> saga(int i) {
        String state = List.of("STUCK", "COMPLETED", "PAYMENT_COMPLETED", "COMPENSATING", "COMPENSATED").get(i % 5);
        boolean open = !state.startsWith("COMP") || state.equals("COMPENSATING");
        String step = switch (state) {
            case "STUCK" -> "delivery";
            case "PAYMENT_COMPLETED" -> "inventory";
            case "COMPENSATING" -> "payment";
            default -> null;
        };
        return map("sagaId", id(i), "orderId", "0JT9ZB7" + id(i).substring(7), "definition", "order-fulfilment",
                "definitionVersion", 1, "state", state, "step", step, "participant", step, "attempt", open ? 1 + i % 3 : null,
                "reason", state.startsWith("COMPENSAT")
                        ? map("code", text("OUT_OF_STOCK"), "step", "inventory", "message", text("Only 3 of KEYBOARD are left."))
                        : null,
                "stuck", state.equals("STUCK")
                        ? map("code", "OUTCOME_UNKNOWN", "step", "delivery", "message",
                                text("No answer to ScheduleDelivery after 6 attempts; it may have been scheduled."))
                        : null,
                "version", 9, "startedAt", before(Duration.ofMinutes(40 + i)), "updatedAt", before(Duration.ofMinutes(32 + i)),
                "dueAt", state.equals("PAYMENT_COMPLETED") ? Instant.now().plusSeconds(7).toString() : null,
                "paused", i == 2 ? true : null, "assignee", i == 5 ? text("olga") : null,
                "snoozedUntil", i == 5 ? Instant.now().plus(Duration.ofHours(3)).toString() : null,
                "note", i == 5 ? text("carrier has an incident, ticket 4711") : null);
    }

    /** One saga that is stuck, with all that can be said about one. */
    Map<String, Object> detail(int version, List<Object> operators) {
        Map<String, Object> saga = new LinkedHashMap<>(saga(0));
        saga.put("version", version);
        saga.put("steps", List.of(progress("order", "DONE", null), progress("payment", "DONE", 2),
                progress("inventory", "DONE", 1), progress("delivery", "UNKNOWN", 6), progress("completion", "PENDING", null)));
        saga.put("log", silentAgain ? logOfSilence(version) : log());
        saga.put("staleReplies", List.of(map("at", before(Duration.ofSeconds(2380)), "step", "payment", "direction", "ACTION",
                "attempt", 1, "outcome", "DONE", "detail", text("attempt 2 was answered before"), "replyPosition", "saga.replies-2@90412")));
        saga.put("operatorActions", operators);
        saga.put("heldCommands", List.of());
        saga.put("deadLetters", List.of(map("id", "delivery.commands-2-118", "topic", "delivery.commands", "type",
                text("delivery.ScheduleDelivery"), "at", before(Duration.ofMinutes(33)), "status", "NEW")));
        saga.put("allowedActions", List.of(
                map("action", "retry", "allowed", true, "effect", "Sends ScheduleDelivery to delivery again, with all attempts anew."),
                map("action", "compensate", "allowed", false, "why", text("Its point of no return may have been passed: delivery is unknown."),
                        "effect", "Sends RefundPayment to payment, then ReleaseStock to inventory."),
                map("action", "resolve", "step", "delivery", "allowed", true, "effect", "Goes on as you say delivery went."),
                map("action", "skip", "step", "delivery", "allowed", true, "effect", "Goes on without delivery: sends CompleteOrder to order."),
                map("action", "pause", "allowed", false, "why", "It does not go on by itself.", "effect", "Sends nothing more."),
                map("action", "extend", "allowed", true, "effect", "Moves the deadline."),
                map("action", "note", "allowed", true, "effect", "Changes nothing."),
                map("action", "assign", "allowed", true, "effect", "Changes nothing."),
                map("action", "snooze", "allowed", true, "effect", "Leaves the alarm until then."),
                map("action", "reveal", "allowed", true, "effect", "Shows what is hidden.")));
        saga.put("data", map("orderId", "0JT9ZB7000000", "customerId", "c-1", "total", map("amount", "99.98", "currency", "EUR"),
                "deliveryAddress", map("name", "•••", "line1", "•••", "city", "•••", "country", "DE")));
        saga.put("dataHidden", List.of("/deliveryAddress/name", "/deliveryAddress/line1", "/deliveryAddress/city"));
        saga.put("diagram", "stateDiagram-v2");
        saga.put("traceId", "4bf92f3577b34da6a3ce929d0e0e4736");
        saga.put("sequence", "sequenceDiagram\n    saga->>payment: ChargePayment");
        saga.put("asOf", Instant.now().toString());
        return saga;
    }

    private static Map<String, Object> progress(String step, String status, @Nullable Integer attempt) {
        return map("name", step, "kind", "COMPENSABLE", "participant", STEPS.contains(step) ? step : "order", "status", status,
                "attempt", attempt);
    }

    private List<Object> log() {
        return List.of(
                line(1, 2400_000, null, "STARTED", "FulfilOrder", null, null, "STARTED", null),
                line(2, 2390_000, "STARTED", "STARTED", "ChargePayment", "payment", 1, "TIMEOUT", "sent again as attempt 2"),
                line(3, 2389_958, "STARTED", "PAYMENT_COMPLETED", "ChargePayment", "payment", 2, "DONE", null),
                line(4, 2389_921, "PAYMENT_COMPLETED", "INVENTORY_RESERVED", "ReserveStock", "inventory", 1, "DONE", null),
                line(5, 2379_921, "INVENTORY_RESERVED", "INVENTORY_RESERVED", "ScheduleDelivery", "delivery", 1, "TIMEOUT",
                        "sent again as attempt 2"),
                line(6, 2360_000, "INVENTORY_RESERVED", "INVENTORY_RESERVED", "ScheduleDelivery", "delivery", 2, "FAILED",
                        text("CARRIER_UNAVAILABLE: the carrier answered 503")),
                line(7, 2340_000, "INVENTORY_RESERVED", "INVENTORY_RESERVED", "ScheduleDelivery", "delivery", 3, "TIMEOUT",
                        "sent again as attempt 4"),
                line(8, 1980_000, "INVENTORY_RESERVED", "STUCK", "ScheduleDelivery", "delivery", 4, "TIMEOUT",
                        "nothing more is sent: it may have happened"));
    }

    private List<Object> logOfSilence(int version) {
        List<Object> log = new ArrayList<>(log());
        log.add(line(version + 1, 1_000, "INVENTORY_RESERVED", "STUCK", "ScheduleDelivery", "delivery", 5, "TIMEOUT",
                "nothing more is sent: it may have happened"));
        return log;
    }

    private Map<String, Object> line(int seq, long millisAgo, @Nullable String from, String to, String message,
            @Nullable String step, @Nullable Integer attempt, String outcome, @Nullable String detail) {
        return map("seq", seq, "at", before(Duration.ofMillis(millisAgo)), "from", from, "to", to, "message", message, "step", step,
                "direction", step == null ? null : "ACTION", "attempt", attempt, "outcome", outcome, "detail", detail,
                "commandPosition", step == null ? null : step + ".commands-2@" + (48_100 + seq),
                "replyPosition", outcome.equals("DONE") ? "saga.replies-2@" + (90_400 + seq) : null);
    }

    Object audit() {
        return map("items", empty ? List.of() : Collections.nCopies(1, map("at", before(Duration.ofMinutes(12)), "actor", text("olga"),
                "action", "retry", "sagaId", id(0), "reason", text("carrier is back, ticket 4711"), "requestId",
                "6f9b0a1e-0d5e-4a38-9c58-111111111111", "result", "GRANTED", "versionBefore", 8, "versionAfter", 9)),
                "next", null, "asOf", Instant.now().toString());
    }

    Object holds() {
        return map("items", empty ? List.of() : List.of(map("holdId", "0JT9H", "definition", "order-fulfilment", "step", "delivery",
                "reason", text("carrier has an incident"), "actor", "olga", "since", before(Duration.ofMinutes(28)), "heldCommands", 214)),
                "asOf", Instant.now().toString());
    }

    Map<String, Object> letter() {
        return map("id", "delivery.commands-2-118", "topic", "delivery.commands", "key", text("0JT9ZB7000000"), "type",
                text("delivery.ScheduleDelivery"), "reason", text("The body is no JSON: unexpected end of input"), "origin",
                "delivery.commands-2@118", "at", before(Duration.ofMinutes(33)), "sagaId", id(0), "orderId", "0JT9ZB7000000",
                "bytes", 412, "status", "NEW");
    }

    Object letters() {
        return map("items", empty ? List.of() : List.of(letter()), "counts", map("NEW", empty ? 0 : 3, "REDRIVEN", 1), "next", null,
                "asOf", Instant.now().toString());
    }
}
