package io.baton.messaging.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class ServersIT {

    @Test
    void a_database_is_a_postgresql_18_whose_role_owns_it_and_nothing_else() throws SQLException {
        Database mine = TestInfrastructure.newDatabase("mine");
        assertThat(query(mine, "SELECT current_setting('server_version_num')::int / 10000")).isEqualTo("18");
        execute(mine, "CREATE SCHEMA messaging");
        assertThatThrownBy(() -> execute(mine, "CREATE DATABASE more")).hasMessageContaining("permission denied");
    }

    @Test
    void the_same_name_twice_gives_two_databases() throws SQLException {
        Database one = TestInfrastructure.newDatabase("twice");
        Database two = TestInfrastructure.newDatabase("twice");
        execute(one, "CREATE TABLE only_here (id int)");
        assertThat(query(two, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'")).isEqualTo("0");
    }

    @Test
    void a_name_that_is_no_lower_case_word_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> TestInfrastructure.newDatabase("x; DROP"));
    }

    @Test
    void what_is_sent_to_the_broker_can_be_read_from_it() throws Exception {
        Map<String, Object> client = Map.of("bootstrap.servers", TestInfrastructure.bootstrapServers());
        String topic = "infrastructure-test";
        try (var admin = Admin.create(client)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(20, TimeUnit.SECONDS);
        }
        try (var producer = new KafkaProducer<>(client, new StringSerializer(), new StringSerializer());
                var consumer = new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            producer.send(new ProducerRecord<>(topic, 0, "key", "hello"));
            producer.flush();
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertThat(consumer.poll(Duration.ofSeconds(20)))
                    .singleElement()
                    .satisfies(record -> assertThat(record.value()).isEqualTo("hello"));
        }
    }

    private static void execute(Database database, String sql) throws SQLException {
        try (Connection connection = connect(database); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(Database database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(Database database) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }
}
