package io.baton.lab.stack;

import io.baton.lab.stack.StackDescription.Database;
import io.baton.lab.stack.StackDescription.Operator;
import java.util.Map;

/** What every service is told by its environment. */
final class ServiceEnvironment {

    private ServiceEnvironment() {}

    /** @param ownerPassword of the role that migrates the database; it is named as the service's with _owner behind it */
    static Map<String, String> of(
            Database database, String ownerPassword, String bootstrapServers, Operator operator, String gateway) {
        return Map.ofEntries(
                Map.entry("SPRING_DATASOURCE_URL", database.jdbcUrl() + "?reWriteBatchedInserts=true"),
                Map.entry("SPRING_DATASOURCE_USERNAME", database.user()),
                Map.entry("SPRING_DATASOURCE_PASSWORD", database.password()),
                Map.entry("SPRING_FLYWAY_USER", database.user() + "_owner"),
                Map.entry("SPRING_FLYWAY_PASSWORD", ownerPassword),
                Map.entry("SPRING_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers),
                Map.entry("BATON_OPERATOR_USER", operator.user()),
                Map.entry("BATON_OPERATOR_PASSWORD", operator.password()),
                // Whoever is on this machine is a customer, and may look at everything.
                Map.entry("SPRING_PROFILES_ACTIVE", "demo"),
                Map.entry("BATON_SECURITY_ANONYMOUSVIEWER", "true"),
                Map.entry("BATON_SECURITY_OPENENDPOINTS", "health,info,prometheus"),
                Map.entry("BATON_GATEWAY_URL", gateway));
    }
}
