package io.baton.lab.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.baton.contract.Tsid;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Accepts orders and lets each end at once, unless it is told to misbehave. */
final class FakeOrderService implements AutoCloseable {

    /** What to do with one request for an order, the first being 1. */
    interface Behaviour {
        Reaction to(int request);
    }

    enum Reaction {
        ACCEPT,
        ACCEPT_AND_CUT,
        ACCEPT_AND_NEVER_END,
        ACCEPT_AND_END_FIRST,
        ERROR,
        REJECT
    }

    final Map<String, Long> idsByKey = new ConcurrentHashMap<>();
    final Map<Long, String> statusById = new ConcurrentHashMap<>();
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();

    private final HttpServer server;
    private final Behaviour behaviour;
    private final AtomicLong ids = new AtomicLong(Tsid.floor(1_800_000_000_000L));
    private volatile @Nullable Consumer<List<OrderEnds.End>> listener;

    FakeOrderService(Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/orders", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void tell(Consumer<List<OrderEnds.End>> ends) {
        listener = ends;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("GET")) {
            String id = exchange.getRequestURI().getPath().substring("/orders/".length());
            answer(exchange, 200, "{\"orderId\":\"%s\",\"status\":\"%s\",\"version\":1}"
                    .formatted(id, statusById.get(Tsid.parse(id))));
            return;
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        Reaction reaction = behaviour.to(requests.incrementAndGet());
        switch (reaction) {
            case ERROR -> answer(exchange, 503, "{}");
            case REJECT -> answer(exchange, 400, "{}");
            default -> accept(exchange, reaction, new String(body, StandardCharsets.UTF_8));
        }
    }

    private void accept(HttpExchange exchange, Reaction reaction, String body) throws IOException {
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        long id = key == null ? ids.incrementAndGet() : idsByKey.computeIfAbsent(key, any -> ids.incrementAndGet());
        boolean completed = !body.contains("\"country\":\"US\"");
        statusById.put(id, completed ? "COMPLETED" : "CANCELLED");
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        if (reaction == Reaction.ACCEPT_AND_CUT) {
            end(id, completed);
            exchange.close();
            return;
        }
        if (reaction == Reaction.ACCEPT_AND_END_FIRST) {
            end(id, completed);
        }
        exchange.getResponseHeaders().set("Location", "/orders/" + Tsid.format(id));
        answer(exchange, 202, "{}");
        if (reaction == Reaction.ACCEPT) {
            end(id, completed);
        }
    }

    private void end(long id, boolean completed) {
        open.decrementAndGet();
        Consumer<List<OrderEnds.End>> told = listener;
        if (told != null) {
            told.accept(List.of(new OrderEnds.End(id, completed, System.nanoTime())));
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
