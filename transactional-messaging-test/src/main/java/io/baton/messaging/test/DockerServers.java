package io.baton.messaging.test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** Both servers as containers, which Testcontainers removes when the JVM ends. */
final class DockerServers implements Servers {

    private static final DockerImageName POSTGRES = DockerImageName.parse("postgres:18");
    private static final DockerImageName KAFKA = DockerImageName.parse("apache/kafka:4.2.1");

    private final PostgreSQLContainer postgres;
    private final KafkaContainer kafka;

    private DockerServers(PostgreSQLContainer postgres, KafkaContainer kafka) {
        this.postgres = postgres;
        this.kafka = kafka;
    }

    /** Whether an engine answers that has the images, or gets each of them within a minute. */
    static boolean available() {
        return DockerClientFactory.instance().isDockerAvailable()
                && new DockerImages(DockerClientFactory.lazyClient(), Duration.ofMinutes(1))
                        .areThere(List.of(POSTGRES.asCanonicalNameString(), KAFKA.asCanonicalNameString()));
    }

    @SuppressWarnings("resource") // They live as long as the JVM.
    static DockerServers start() {
        PostgreSQLContainer postgres = new PostgreSQLContainer(POSTGRES)
                // The data does not outlive the container, so waiting for the disk would prove nothing.
                .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=300");
        KafkaContainer kafka = new KafkaContainer(KAFKA)
                .withEnv("KAFKA_HEAP_OPTS", "-Xms384m -Xmx384m")
                // A topic that nobody made is a mistake that a test should see.
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        Startables.deepStart(postgres, kafka).join();
        return new DockerServers(postgres, kafka);
    }

    @Override
    public String description() {
        return "Docker (" + POSTGRES + ", " + KAFKA + ")";
    }

    @Override
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + postgres.getHost() + ":" + postgres.getMappedPort(5432) + "/" + database;
    }

    @Override
    public Connection connectAsAdministrator() throws SQLException {
        return DriverManager.getConnection(postgres.getJdbcUrl(), postgres.getUsername(), postgres.getPassword());
    }

    @Override
    public String bootstrapServers() {
        return kafka.getBootstrapServers();
    }
}
