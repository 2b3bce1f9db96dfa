package io.baton.lab.check;

import io.baton.contract.Topics;
import io.baton.lab.check.StackDescription.Service;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** How far each service has read each of its topics. */
final class Positions {

    /** Who reads what. */
    static final Map<Service, Set<String>> READERS = Map.of(
            Service.ORDER, Set.of(Topics.ORDER_COMMANDS, Topics.INVENTORY_EVENTS, Topics.SAGA_EVENTS),
            Service.PAYMENT, Set.of(Topics.PAYMENT_COMMANDS),
            Service.INVENTORY, Set.of(Topics.INVENTORY_COMMANDS, Topics.ORDER_EVENTS),
            Service.DELIVERY, Set.of(Topics.DELIVERY_COMMANDS),
            Service.ORCHESTRATOR, Set.of(Topics.SAGA_REQUESTS, Topics.SAGA_REPLIES));

    /** One partition as one service has read it. {@code position} is 0 if it has read nothing. */
    record Reading(Service service, TopicPartition partition, long position, long end) {

        boolean isCaughtUp() {
            return position == end;
        }
    }

    private Positions() {}

    static List<Reading> read(Databases databases, Broker broker) throws SQLException {
        List<Reading> readings = new ArrayList<>();
        for (Map.Entry<Service, Set<String>> reader : READERS.entrySet()) {
            Map<TopicPartition, Long> positions = new HashMap<>();
            databases.forEach(
                    reader.getKey(),
                    "select topic, partition, max(next_offset) from messaging.position group by topic, partition",
                    row -> positions.put(
                            new TopicPartition(row.getString(1), row.getInt(2)), Math.max(0, row.getLong(3))));
            broker.ends(reader.getValue()).forEach((partition, end) ->
                    readings.add(new Reading(
                            reader.getKey(), partition, positions.getOrDefault(partition, 0L), end)));
        }
        return readings;
    }
}
