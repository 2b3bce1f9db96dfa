package io.baton.lab.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is running, as the file says that the stack's starter writes. */
record StackDescription(
        String operatorUser, String operatorPassword, String bootstrapServers, List<StackProcess> processes) {

    /**
     * One process of the stack.
     *
     * @param pid 0 if it runs where this machine cannot see it
     * @param url where it answers; null if it does not speak HTTP
     */
    record StackProcess(String name, long pid, @Nullable String url) {}

    /**
     * Reads the description.
     *
     * @throws IllegalArgumentException if there is no such file, or if it is not what is expected
     */
    static StackDescription read(Path file) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Expected a running stack's description at " + file + " but cannot read it; start ./demo first", e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("Expected JSON in " + file + " but got something else", e);
        }
        List<StackProcess> processes = new ArrayList<>();
        for (JsonNode process : root.path("processes")) {
            processes.add(new StackProcess(
                    process.path("name").asString(""),
                    process.path("pid").asLong(0),
                    process.path("url").asString(null)));
        }
        return new StackDescription(
                text(root.path("operator").path("user"), "operator.user", file),
                text(root.path("operator").path("password"), "operator.password", file),
                text(root.path("kafka").path("bootstrapServers"), "kafka.bootstrapServers", file),
                List.copyOf(processes));
    }

    /**
     * Where the process of this name answers.
     *
     * @throws IllegalArgumentException if there is none
     */
    URI url(String name) {
        return processes.stream()
                .filter(process -> process.name().equals(name) && process.url() != null)
                .map(process -> URI.create(String.valueOf(process.url())))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Expected a process " + name + " with a url in the stack's description but there is none"));
    }

    private static String text(JsonNode node, String name, Path file) {
        String text = node.asString("");
        if (text.isEmpty()) {
            throw new IllegalArgumentException("Expected " + name + " in " + file + " but there is none");
        }
        return text;
    }
}
