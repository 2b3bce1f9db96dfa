package io.baton.lab.stack;

import java.util.List;

/** Which processes the stack has, and which ports they listen on. */
final class Layout {

    static final String HOST = "127.0.0.1";
    static final String POSTGRES = "postgres";
    static final String KAFKA = "kafka";
    static final String SIMULATOR = "provider-simulator";
    static final String SELF = "local-stack";

    /** A service as it is deployed: its module, its database (the role has the same name), its two ports. */
    record Service(String name, String database, int port, int managementPort) {

        String url() {
            return "http://" + HOST + ":" + port;
        }

        String managementUrl() {
            return "http://" + HOST + ":" + managementPort;
        }
    }

    private final int offset;

    Layout(int offset) {
        this.offset = offset;
    }

    List<Service> services() {
        return List.of(
                service("order-service", "orders", 8080, 9080),
                service("payment-service", "payments", 8081, 9081),
                service("inventory-service", "inventory", 8082, 9082),
                service("delivery-service", "deliveries", 8083, 9083),
                service("saga-orchestrator", "orchestrator", 8084, 9084));
    }

    private Service service(String name, String database, int port, int managementPort) {
        return new Service(name, database, port + offset, managementPort + offset);
    }

    int simulatorPort() {
        return 8090 + offset;
    }

    String simulatorUrl() {
        return "http://" + HOST + ":" + simulatorPort();
    }

    /** Beside the usual port, which the machine's own PostgreSQL may hold. */
    int postgresPort() {
        return 15_432 + offset;
    }

    /** Beside the usual port, which the machine's own broker may hold. */
    int kafkaPort() {
        return 19_092 + offset;
    }

    int kafkaControllerPort() {
        return 19_093 + offset;
    }
}
