package io.baton.orchestrator.console;

import static io.baton.orchestrator.console.MockFixtures.map;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Plays the orchestrator's management port for the console: the real files, made-up data, and writes that it remembers. */
final class MockOrchestrator implements AutoCloseable {

    /** A write as it came. */
    record Wish(String method, String path, Map<String, Object> body) {}

    final MockFixtures data = new MockFixtures();
    final List<Wish> wishes = new CopyOnWriteArrayList<>();
    volatile boolean down;
    volatile boolean silentOnce;
    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpServer server;
    private final Map<String, Object> answered = new ConcurrentHashMap<>();
    private final Set<String> bulkCancelled = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final Object dryRuns = new Object();
    private boolean dryRunsWait;
    private volatile int version = 9;
    private final List<Object> operators = new CopyOnWriteArrayList<>();

    MockOrchestrator(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/actuator/", this::handle);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/actuator/sagaconsole";
    }

    /** Forgets every write, and answers with much data to an operator. */
    void reset() {
        down = false;
        silentOnce = false;
        version = 9;
        data.empty = false;
        data.viewer = false;
        data.hostile = false;
        data.silentAgain = false;
        data.furtherOn = false;
        letDryRunsGo();
        wishes.clear();
        answered.clear();
        operators.clear();
        bulkCancelled.clear();
    }

    /** How often a path was read. */
    int asked(String path) {
        return asked.computeIfAbsent(path, _ -> new AtomicInteger()).get();
    }

    /** From now on no dry run is answered, until {@link #letDryRunsGo}. */
    void holdDryRuns() {
        synchronized (dryRuns) {
            dryRunsWait = true;
        }
    }

    void letDryRunsGo() {
        synchronized (dryRuns) {
            dryRunsWait = false;
            dryRuns.notifyAll();
        }
    }

    private void awaitTurn() {
        synchronized (dryRuns) {
            while (dryRunsWait) {
                try {
                    dryRuns.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** Lets the saga go on by itself. */
    void change() {
        version++;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring("/actuator/".length());
            if (path.equals("sagaconsole") || path.startsWith("sagaconsole/")) {
                file(exchange, path);
                return;
            }
            if (down) {
                problem(exchange, 503, "Down for a test.", Map.of());
                return;
            }
            @SuppressWarnings("unchecked")
            Map<String, Object> body = exchange.getRequestMethod().equals("POST")
                    ? json.readValue(exchange.getRequestBody().readAllBytes(), Map.class)
                    : Map.of();
            if (!exchange.getRequestMethod().equals("GET")) {
                wishes.add(new Wish(exchange.getRequestMethod(), path, body));
                if (silentOnce && !body.containsKey("dryRun")) {
                    silentOnce = false;
                    send(exchange, 200, "text/html", "<p>lost".getBytes(StandardCharsets.UTF_8)); // by a proxy, say
                    return;
                }
            }
            Object answer = switch (exchange.getRequestMethod()) {
                case "GET" -> {
                    asked.computeIfAbsent(path, _ -> new AtomicInteger()).incrementAndGet();
                    yield read(path, query(exchange));
                }
                case "DELETE" -> bulkCancelled.add(path.substring(path.lastIndexOf('/') + 1)) ? map("ok", true) : null;
                default -> write(path, body);
            };
            if (answer instanceof Refused refused) {
                problem(exchange, refused.status, refused.why, refused.more);
            } else if (answer == null) {
                problem(exchange, 404, "There is nothing here.", Map.of());
            } else {
                send(exchange, 200, "application/json", json.writeValueAsBytes(answer));
            }
        }
    }

    private record Refused(int status, String why, Map<String, Object> more) {}

    private @Nullable Object read(String path, Map<String, String> query) {
        String[] parts = path.split("/");
        return switch (parts[0]) {
            case "whoami" -> data.whoami();
            case "sagastats" -> data.stats();
            case "sagadefinitions" -> data.definitions();
            case "sagagroups" -> data.groups();
            case "sagas" -> parts.length == 1 ? data.sagas(query.get("cursor"))
                    : parts[1].startsWith("0JT9ZC4") ? data.detail(version, List.copyOf(operators)) : null;
            case "sagaaudit" -> data.audit();
            case "sagaholds" -> data.holds();
            case "deadletters" -> parts.length == 1 ? data.letters() : letter();
            case "sagabulk" -> parts.length == 1 ? map("items", data.empty ? List.of() : List.of(bulk("0JTB")), "asOf", Instant.now().toString())
                    : bulk(parts[1]);
            case "demofaults" -> map("active", null, "faults", List.of(map("name", "down", "title", "Gateway down", "does",
                    "Every request is answered 503.")), "asOf", Instant.now().toString());
            default -> null;
        };
    }

    private Object letter() {
        Map<String, Object> letter = new LinkedHashMap<>(data.letter());
        letter.put("headers", map("ce_id", "0JT9", "ce_type", data.text("delivery.ScheduleDelivery")));
        letter.put("allowedActions", List.of(
                map("action", "redrive", "allowed", true, "effect", "Sends it again."),
                map("action", "discard", "allowed", true, "effect", "Gives it up.")));
        letter.put("body", data.text("{\"orderId\":\"0JT9ZB7000000\",\"deliveryAddress\":{\"name\":\"•••\""));
        return letter;
    }

    private Object bulk(String id) {
        boolean cancelled = bulkCancelled.contains(id);
        boolean ended = cancelled || id.equals("0JTDONE");
        List<Object> items = new ArrayList<>();
        List<String> results = List.of("GRANTED", "GRANTED", "REFUSED", ended ? "CANCELLED" : "PENDING");
        IntStream.range(0, 40).forEach(i -> items.add(map("sagaId", MockFixtures.id(i), "result", results.get(i % 4), "message",
                i % 4 == 2 ? data.text("It went on by itself.") : null, "at", i % 4 == 3 ? null : Instant.now().toString(),
                "effective", i % 4 == 0 ? "COMPLETED" : null)));
        return map("bulkId", id, "action", "retry", "state", cancelled ? "CANCELLED" : ended ? "DONE" : "RUNNING", "actor", "olga",
                "reason", data.text("carrier is back, ticket 4711"), "createdAt", Instant.now().minusSeconds(14).toString(), "maxPerSecond", 20,
                "total", 388, "counts", map("GRANTED", 271, "REFUSED", 9, ended ? "CANCELLED" : "PENDING", 108), "items", items);
    }

    private @Nullable Object write(String path, Map<String, Object> body) {
        boolean dry = Boolean.TRUE.equals(body.get("dryRun"));
        if (dry) {
            awaitTurn();
        }
        if (data.viewer) {
            return new Refused(403, "The role viewer may look and not act.", Map.of());
        }
        if (path.equals("sagabulk")) {
            return dry
                    ? map("count", 388, "limited", 388, "allowed", 379, "refused", List.of(map("why", "It is paused.", "count", 9)), "sample",
                            List.of(data.saga(0), data.saga(5)), "sends", List.of(map("command", "ScheduleDelivery", "participant", "delivery",
                                    "count", 379)), "oldest", Instant.now().minusSeconds(111_000).toString())
                    : once(body, () -> bulk("0JTRUN"));
        }
        String action = path.substring(path.lastIndexOf('/') + 1);
        if (!path.startsWith("sagas/") || action.equals("reveal")) {
            return map("data", map("deliveryAddress", map("name", "Ada", "line1", "Main Street 1")));
        }
        if (!Integer.valueOf(version).equals(body.get("expectedVersion"))) {
            return new Refused(412, "The saga is at version " + version + " by now.", Map.of("currentVersion", version));
        }
        if (dry) {
            return map("sagaId", MockFixtures.id(0), "action", action, "version", version, "dryRun", true, "from", "STUCK", "to",
                    "INVENTORY_RESERVED", "sends", List.of(planned(1, "ScheduleDelivery", "delivery", 7)), "later",
                    List.of(planned(2, "CompleteOrder", "order", 1)), "unknownSteps", List.of("delivery"), "pastPivot", List.of(), "words",
                    data.text("Sends ScheduleDelivery to delivery as attempt 7; if it is done, the order is completed."));
        }
        return once(body, () -> {
            version++;
            operators.add(map("at", Instant.now().toString(), "actor", "olga", "action", action, "reason", body.get("reason"), "requestId",
                    body.get("requestId"), "result", "GRANTED", "versionBefore", version - 1, "versionAfter", version));
            return map("sagaId", MockFixtures.id(0), "action", action, "version", version, "state", "INVENTORY_RESERVED");
        });
    }

    private Object once(Map<String, Object> body, java.util.function.Supplier<Object> effect) {
        return answered.computeIfAbsent(String.valueOf(body.get("requestId")), _ -> effect.get());
    }

    private static Map<String, Object> planned(int order, String command, String participant, int attempt) {
        return map("order", order, "command", command, "step", participant, "direction", "ACTION", "participant", participant, "topic",
                participant + ".commands", "key", "0JT9ZB7000000", "attempt", attempt);
    }

    private void file(HttpExchange exchange, String path) throws IOException {
        String name = path.equals("sagaconsole") ? ConsoleFiles.INDEX : path.substring("sagaconsole/".length());
        ConsoleFiles.ConsoleFile file = new ConsoleFiles().find(name).orElse(null);
        if (file == null) {
            problem(exchange, 404, "The console has no such file.", Map.of());
            return;
        }
        exchange.getResponseHeaders().set("Content-Security-Policy", ConsoleConfiguration.POLICY);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        send(exchange, 200, file.type().toString(), file.content().getContentAsByteArray());
    }

    private void problem(HttpExchange exchange, int status, String detail, Map<String, Object> more) throws IOException {
        Map<String, Object> body = new HashMap<>(map("status", status, "detail", detail));
        body.putAll(more);
        send(exchange, status, "application/problem+json", json.writeValueAsBytes(body));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] sides = pair.split("=", 2);
            query.put(sides[0], sides.length == 1 ? "" : URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    /** Runs until it is ended, to look at the console while it is written: {@code PORT [empty|hostile|viewer]}. */
    public static void main(String[] arguments) {
        MockOrchestrator mock = new MockOrchestrator(Integer.parseInt(arguments[0]));
        List<String> modes = List.of(arguments);
        mock.data.empty = modes.contains("empty");
        mock.data.hostile = modes.contains("hostile");
        mock.data.viewer = modes.contains("viewer");
        System.out.println(mock.url());
    }
}
