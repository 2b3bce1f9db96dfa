package io.baton.orchestrator.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.messaging.test.RealServers;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the service's database role can do, when another one owns the database. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0"})
@RealServers(database = "access", strict = true)
class DatabaseRightsIT {

    private static final String AUDIT = "INSERT INTO operator_audit (at, actor, action, reason, request_id, result) "
            + "VALUES (now(), 'ada', 'note', 'a test', gen_random_uuid(), 'GRANTED')";

    @Autowired
    private JdbcTemplate jdbc;

    @Value("${spring.flyway.user}")
    private String owner;

    @ParameterizedTest
    @ValueSource(strings = {
        "UPDATE operator_audit SET reason = 'another'",
        "UPDATE operator_audit SET reason = 'another' WHERE false",
        "DELETE FROM operator_audit",
        "TRUNCATE operator_audit",
        "DROP TRIGGER operator_audit_is_only_added_to ON operator_audit",
        "ALTER TABLE operator_audit DISABLE TRIGGER ALL",
        "CREATE TRIGGER t BEFORE INSERT ON operator_audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "ALTER TABLE operator_audit RENAME TO another",
        "DROP TABLE operator_audit",
        "TRUNCATE saga_log",
        "DROP TABLE saga",
        "ALTER TABLE saga ADD COLUMN x int",
        "CREATE INDEX x ON saga (version)",
        "CREATE TABLE x (y int)",
        "CREATE SCHEMA x",
        "CREATE TABLE messaging.x (y int)",
        "DROP TABLE messaging.position",
        "UPDATE flyway_schema_history SET checksum = 0",
        "DELETE FROM flyway_schema_history",
        "SET ROLE {owner}",
        "CREATE ROLE x",
        "COPY saga TO PROGRAM 'cat'"
    })
    void the_service_cannot(String statement) {
        assertThatThrownBy(() -> jdbc.execute(statement.replace("{owner}", owner)))
                .rootCause()
                .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                        .as("%s: %s", statement, refused.getMessage())
                        .isEqualTo("42501"));
    }

    @Test
    void the_service_can_add_to_the_audit_and_read_it() {
        jdbc.update(AUDIT);

        assertThat(jdbc.queryForList("SELECT actor FROM operator_audit", String.class)).contains("ada");
    }
}
