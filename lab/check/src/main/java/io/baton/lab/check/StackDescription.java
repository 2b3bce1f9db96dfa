package io.baton.lab.check;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where everything is that can be read.
 *
 * @param simulator the provider simulator's address; null if none runs
 */
public record StackDescription(
        Map<Service, DatabaseAddress> databases, String bootstrapServers, @Nullable URI simulator) {

    /** Whoever has a database. */
    public enum Service {
        ORDER("order-service"),
        PAYMENT("payment-service"),
        INVENTORY("inventory-service"),
        DELIVERY("delivery-service"),
        ORCHESTRATOR("saga-orchestrator");

        private final String processName;

        Service(String processName) {
            this.processName = processName;
        }

        @Override
        public String toString() {
            return processName;
        }
    }

    /** How to reach one database. */
    public record DatabaseAddress(String jdbcUrl, String user, String password) {}

    /**
     * Reads the description that the stack's starter writes.
     *
     * @throws IllegalArgumentException if there is no such file, or if it lacks something
     */
    public static StackDescription read(Path file) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Expected a running stack's description at " + file + " but cannot read it; start ./demo first", e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("Expected JSON in " + file + " but got something else", e);
        }
        Map<Service, DatabaseAddress> databases = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            JsonNode database = process(root, service.processName).path("database");
            databases.put(
                    service,
                    new DatabaseAddress(
                            text(database.path("jdbcUrl"), service + "'s database.jdbcUrl", file),
                            text(database.path("user"), service + "'s database.user", file),
                            text(database.path("password"), service + "'s database.password", file)));
        }
        String simulator = process(root, "provider-simulator").path("url").asString(null);
        return new StackDescription(
                databases,
                text(root.path("kafka").path("bootstrapServers"), "kafka.bootstrapServers", file),
                simulator == null ? null : URI.create(simulator));
    }

    private static JsonNode process(JsonNode root, String name) {
        for (JsonNode process : root.path("processes")) {
            if (process.path("name").asString("").equals(name)) {
                return process;
            }
        }
        return JsonMapper.shared().createObjectNode();
    }

    private static String text(JsonNode node, String name, Path file) {
        String text = node.asString("");
        if (text.isEmpty()) {
            throw new IllegalArgumentException("Expected " + name + " in " + file + " but there is none");
        }
        return text;
    }
}
