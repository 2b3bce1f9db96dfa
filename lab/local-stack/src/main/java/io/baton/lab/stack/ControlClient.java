package io.baton.lab.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a running stack through its control port. */
final class ControlClient {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final HttpClient http;
    private final StackDescription.Control control;

    ControlClient(HttpClient http, StackDescription.Control control) {
        this.http = http;
        this.control = control;
    }

    JsonNode processes() {
        return call("GET", "/processes");
    }

    /** @param verb {@code stop}, {@code start} or {@code kill} */
    JsonNode tell(String process, String verb) {
        return call(
                "POST",
                "/processes/" + java.net.URLEncoder.encode(process, StandardCharsets.UTF_8) + "/" + verb);
    }

    void down() {
        call("POST", "/down");
    }

    private JsonNode call(String method, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(control.url() + path))
                .header("Authorization", "Bearer " + control.token())
                .timeout(PATIENCE)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode body = JSON.readTree(response.body());
            if (response.statusCode() >= 300) {
                throw new StackException(body.path("detail").asString("The stack answered " + response.statusCode()));
            }
            return body;
        } catch (IOException cause) {
            throw new StackException("The running stack does not answer at %s.".formatted(control.url()), cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted.", interrupted);
        }
    }
}
