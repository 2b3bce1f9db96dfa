package io.baton.messaging.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE)
@RealServers(database = "annotated")
class RealServersIT {

    @Autowired
    DataSource dataSource;

    @Value("${spring.kafka.bootstrap-servers}")
    String bootstrapServers;

    @Value("${baton.operator.user}:${baton.operator.password}")
    String credentials;

    @Test
    void one_annotation_gives_a_context_its_database_broker_and_credentials() throws SQLException {
        try (var connection = dataSource.getConnection()) {
            assertThat(connection.getMetaData().getURL()).contains("/annotated_");
        }
        assertThat(bootstrapServers).isEqualTo(TestInfrastructure.bootstrapServers());
        assertThat(credentials).isEqualTo(RealServers.OPERATOR + ":" + RealServers.OPERATOR_PASSWORD);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(DataSourceAutoConfiguration.class)
    static class OnlyADataSource {}
}
