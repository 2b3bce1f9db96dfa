package io.baton.lab.stack;

import io.baton.lab.stack.StackDescription.Database;
import io.baton.lab.stack.StackDescription.Operator;
import java.util.Map;

/** What every service is told by its environment. */
final class ServiceEnvironment {

    private ServiceEnvironment() {}

    static Map<String, String> of(Database database, String bootstrapServers, Operator operator, String gateway) {
        return Map.of(
                "SPRING_DATASOURCE_URL", database.jdbcUrl() + "?reWriteBatchedInserts=true",
                "SPRING_DATASOURCE_USERNAME", database.user(),
                "SPRING_DATASOURCE_PASSWORD", database.password(),
                "SPRING_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers,
                "BATON_OPERATOR_USER", operator.user(),
                "BATON_OPERATOR_PASSWORD", operator.password(),
                "BATON_GATEWAY_URL", gateway);
    }
}
