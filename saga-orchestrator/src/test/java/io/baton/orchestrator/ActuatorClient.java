package io.baton.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks one port of the orchestrator as an operator does, with or without credentials. */
final class ActuatorClient {

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final @Nullable String credentials;

    /** @param credentials a user and a password with a colon between them; null to come as nobody */
    ActuatorClient(int port, @Nullable String credentials) {
        this.port = port;
        this.credentials = credentials;
    }

    /** The same for somebody of whom nothing is known. */
    ActuatorClient asNobody() {
        return new ActuatorClient(port, null);
    }

    JsonNode get(String path) {
        return get(path, 200);
    }

    JsonNode get(String path, int status) {
        return read(send("GET", path, null), status);
    }

    JsonNode post(String path, String body, int status) {
        return read(send("POST", path, body), status);
    }

    JsonNode delete(String path, int status) {
        return read(send("DELETE", path, null), status);
    }

    /** The body of an answer that has to have this status. */
    JsonNode read(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return json.readTree(answer.body());
    }

    HttpResponse<String> send(String method, String path, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .method(method, body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body));
        if (credentials != null) {
            request.header("Authorization", "Basic "
                    + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + path + " was asked", e);
        }
    }
}
