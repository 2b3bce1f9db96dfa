package io.baton.inventory.rest;

import io.baton.messaging.test.RealServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks HTTP to the service as its clients do. */
final class Requests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String OPERATOR = "Basic "
            + Base64.getEncoder()
                    .encodeToString((RealServers.OPERATOR + ":" + RealServers.OPERATOR_PASSWORD)
                            .getBytes(StandardCharsets.UTF_8));

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    private final String base;

    Requests(int port) {
        base = "http://127.0.0.1:" + port;
    }

    /** An answer. */
    record Answer(int status, String body, HttpResponse<String> response) {

        JsonNode json() {
            return JSON.readTree(body);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The code of the only error in a problem. */
        String errorCode() {
            return json().get("errors").get(0).get("code").asString();
        }

        String errorPointer() {
            return json().get("errors").get(0).get("pointer").asString();
        }
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(URI.create(base + path)));
    }

    /** As the operator, with further headers as name, value, name, value. */
    Answer operator(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = request(method, path, body).header("Authorization", OPERATOR);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    Answer anonymous(String method, String path, String body) {
        return send(request(method, path, body));
    }

    private HttpRequest.Builder request(String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        return body.isEmpty()
                ? request.method(method, BodyPublishers.noBody())
                : request.method(method, BodyPublishers.ofString(body)).header("Content-Type", "application/json");
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("The test was interrupted", e);
        }
    }
}
