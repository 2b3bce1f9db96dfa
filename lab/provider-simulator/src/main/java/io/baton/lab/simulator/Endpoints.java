package io.baton.lab.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.baton.lab.simulator.Gateway.ChargeRequest;
import io.baton.lab.simulator.Gateway.RefundRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** The simulator's HTTP interface. Every answer, errors too, is JSON. */
final class Endpoints implements HttpHandler {

    private static final int MAX_BODY_BYTES = 16 * 1024;
    private static final String CHARGES = "/gateway/charges";
    private static final String REFUNDS = "/gateway/refunds";

    private final Gateway gateway;
    private final Ledger ledger;

    Endpoints(Gateway gateway, Ledger ledger) {
        this.gateway = gateway;
        this.ledger = ledger;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = answer(exchange);
            } catch (BadRequest e) {
                answer = Answer.error(400, "BAD_REQUEST", Objects.requireNonNullElse(e.getMessage(), ""));
            } catch (TooLarge e) {
                answer = Answer.error(413, "BODY_TOO_LARGE", "Expected a body of at most " + MAX_BODY_BYTES + " bytes");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            byte[] body = Json.write(answer.body()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getRawPath();
        String method = exchange.getRequestMethod();
        if (path.startsWith(CHARGES + "/")) {
            return method.equals("GET")
                    ? gateway.probe(decoded(path.substring(CHARGES.length() + 1)))
                    : notAllowed(exchange, "GET");
        }
        return switch (path) {
            case CHARGES -> method.equals("POST")
                    ? gateway.charge(key(exchange), body(exchange, ChargeRequest.class))
                    : notAllowed(exchange, "POST");
            case REFUNDS -> method.equals("POST")
                    ? gateway.refund(key(exchange), body(exchange, RefundRequest.class))
                    : notAllowed(exchange, "POST");
            case "/gateway/ledger" -> method.equals("GET")
                    ? new Answer(200, Map.of("entries", ledger.entries()))
                    : notAllowed(exchange, "GET");
            case "/faults" -> faults(exchange, method);
            case "/readyz" -> method.equals("GET")
                    ? new Answer(200, Map.of("status", "UP"))
                    : notAllowed(exchange, "GET");
            default -> Answer.error(404, "NOT_FOUND", "There is nothing at this address");
        };
    }

    private Answer faults(HttpExchange exchange, String method) throws IOException {
        switch (method) {
            case "GET" -> {}
            case "PUT" -> {
                Faults wanted = body(exchange, Faults.ByProvider.class).gateway();
                gateway.behave(wanted == null ? Faults.NONE : wanted);
            }
            case "DELETE" -> gateway.behave(Faults.NONE);
            default -> {
                return notAllowed(exchange, "GET, PUT, DELETE");
            }
        }
        return new Answer(200, new Faults.ByProvider(gateway.faults()));
    }

    private static Answer notAllowed(HttpExchange exchange, String allowed) {
        exchange.getResponseHeaders().set("Allow", allowed);
        return Answer.error(405, "METHOD_NOT_ALLOWED", "Expected one of: " + allowed);
    }

    private static String key(HttpExchange exchange) {
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (key == null) {
            throw new BadRequest("Expected a header Idempotency-Key");
        }
        return key;
    }

    private static <T> T body(HttpExchange exchange, Class<T> type) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (bytes.length > MAX_BODY_BYTES) {
            throw new TooLarge();
        }
        return Json.read(bytes, type);
    }

    private static String decoded(String segment) {
        // A plus sign stands for itself in a path.
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static final class TooLarge extends RuntimeException {}
}
