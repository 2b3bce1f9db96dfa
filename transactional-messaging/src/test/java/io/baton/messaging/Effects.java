package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.embedded.PostgresServer.Database;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What the participant did, as its database has it. */
final class Effects {

    private final JdbcTemplate jdbc;

    Effects(Database database) {
        jdbc = new JdbcTemplate(
                new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password()));
    }

    /** How often each of the sagas' actions took effect; those that did not are missing. */
    Map<Long, Integer> of(Collection<Long> sagas) {
        Map<Long, Integer> effects = new HashMap<>();
        jdbc.query(
                "SELECT saga_id, n FROM effect WHERE direction = 'ACTION' AND saga_id = ANY (?)",
                row -> {
                    effects.put(row.getLong(1), row.getInt(2));
                },
                (Object) sagas.toArray(Long[]::new));
        return effects;
    }

    /** Every command took effect, and none of them twice. */
    void requireOneEach(Collection<Long> sagas) {
        Map<Long, Integer> effects = of(sagas);
        assertThat(effects.keySet()).containsExactlyInAnyOrderElementsOf(sagas);
        assertThat(effects.values()).as("effects of one command").containsOnly(1);
    }

    /** Whether the event about each saga's count was heard. */
    boolean allHeard(Collection<Long> sagas) {
        Integer heard = jdbc.queryForObject(
                "SELECT count(*) FROM heard WHERE saga_id = ANY (?)", Integer.class, (Object) sagas.toArray(Long[]::new));
        return heard != null && heard == sagas.size();
    }

    /** How many partitions of a consumer have output that its next owner would send again. */
    int outputs(String consumer) {
        return one("SELECT count(*) FROM messaging.position WHERE output IS NOT NULL AND consumer = ?", consumer);
    }

    /** How many partitions a consumer has read something of. */
    int positions(String consumer) {
        return one("SELECT count(*) FROM messaging.position WHERE next_offset > 0 AND consumer = ?", consumer);
    }

    int outboxRows() {
        return one("SELECT count(*) FROM messaging.outbox");
    }

    JdbcTemplate jdbc() {
        return jdbc;
    }

    private int one(String query, Object... arguments) {
        List<Integer> rows = jdbc.queryForList(query, Integer.class, arguments);
        return rows.getFirst();
    }
}
