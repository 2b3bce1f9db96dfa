package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.OrderId;
import io.baton.contract.Tsid;
import io.baton.messaging.OutgoingMessage;
import io.baton.messaging.test.Database;
import io.baton.messaging.test.TestInfrastructure;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.OperatorAction;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * What operators ask stays quick when there are many sagas, of which one in a hundred is stuck. {@code
 * -Dbaton.scale.sagas=1000000} makes it a million.
 */
class OperatorScaleIT {

    private static final int SAGAS = Integer.getInteger("baton.scale.sagas", 20_000);
    private static final int RUNS = 40;
    private static final double LONGEST_MILLIS = 200;

    private final Database database = TestInfrastructure.newDatabase("scale");
    private final ExecutionBench bench = new ExecutionBench(database);

    @Test
    void every_question_of_an_operator_is_answered_within_200_ms() {
        long stuck = stuckInDelivery();
        fill(stuck, completed(), open());
        try (ReadConnections connections = new ReadConnections(details())) {
            SagaDefinitions definitions = new SagaDefinitions(List.of(OrderFulfilment.definition()), List.of());
            SagaQueries queries =
                    new SagaQueries(connections.jdbc(), definitions);
            long middle = bench.jdbc.queryForObject(
                    "SELECT saga_id FROM saga_stuck ORDER BY saga_id OFFSET ? LIMIT 1", Long.class, SAGAS / 200);
            Map<String, Double> slow = new LinkedHashMap<>();
            questions(queries, middle).forEach((name, question) -> {
                double p95 = p95(question);
                System.out.printf("%-46s p95 %7.1f ms%n", name, p95);
                if (p95 > LONGEST_MILLIS) {
                    slow.put(name, p95);
                }
            });
            assertThat(slow).as("questions that take longer, at %,d sagas", SAGAS).isEmpty();
        }
    }

    private Map<String, Runnable> questions(SagaQueries queries, long middle) {
        SagaFilter none = SagaFilter.ALL;
        Map<String, Runnable> questions = new LinkedHashMap<>();
        questions.put("newest", () -> full(queries, none, false, null));
        questions.put("oldest", () -> full(queries, none, true, null));
        questions.put("stuck, newest", () -> full(queries, SagaFilter.inState("STUCK"), false, null));
        questions.put("stuck, oldest", () -> full(queries, SagaFilter.inState("STUCK"), true, null));
        questions.put("stuck, from the middle", () -> full(queries, SagaFilter.inState("STUCK"), false, middle));
        questions.put("stuck, by step and reason", () -> full(queries, filter("STUCK", "delivery", "OUTCOME_UNKNOWN"),
                false, null));
        questions.put("stuck, by a step that has none", () -> queries.page(filter("STUCK", "payment", null), false,
                null, 50));
        questions.put("at a step, whether stuck or not", () -> full(queries, filter(null, "delivery", null), false, null));
        questions.put("at a step at which none is", () -> queries.page(filter(null, "completion", null), false, null,
                50));
        questions.put("completed", () -> full(queries, SagaFilter.inState("COMPLETED"), false, null));
        questions.put("compensated, of which there are none", () -> queries.page(SagaFilter.inState("COMPENSATED"),
                false, null, 50));
        questions.put("started", () -> assertThat(queries.page(SagaFilter.inState("STARTED"), false, null, 50)
                .sagas()).isNotEmpty());
        questions.put("of a definition that has none", () -> queries.page(
                new SagaFilter(null, "order-cancellation", null, null, null, null, null, null, null, null, null, null, null, null),
                false, null, 50));
        questions.put("undone for a reason that none has", () -> queries.page(
                new SagaFilter(null, null, null, null, "NO_SUCH", null, null, null, null, null, null, null, null, null), false,
                null, 50));
        questions.put("older than a day, stuck", () -> full(queries,
                new SagaFilter("STUCK", null, null, null, null, null, bench.now.minus(Duration.ofDays(1)), null, null,
                        null, null, null, null, null), false, null));
        questions.put("older than three weeks, completed", () -> full(queries,
                new SagaFilter("COMPLETED", null, null, null, null, null, bench.now.minus(Duration.ofDays(21)), null,
                        null, null, null, null, null, null), false, null));
        questions.put("by a customer", () -> full(queries, search("c-17"), false, null));
        questions.put("by an order", () -> assertThat(queries.page(search(Tsid.format(middle + 1)), false, null, 50)
                .sagas()).hasSize(1));
        questions.put("by nothing that there is", () -> queries.page(search("nobody"), false, null, 50));
        questions.put("one saga, and what is allowed", () -> {
            StoredSaga saga = queries.find(middle).orElseThrow().saga();
            assertThat(queries.log(middle)).isNotEmpty();
            queries.stale(middle, 200);
            bench.previews.of(saga, new Deed.Move(new OperatorAction.Retry()), bench.now);
        });
        return questions;
    }

    private static void full(SagaQueries queries, SagaFilter filter, boolean oldestFirst, @Nullable Long after) {
        assertThat(queries.page(filter, oldestFirst, after, 50).sagas()).hasSize(50);
    }

    private static double p95(Runnable question) {
        question.run();
        long[] nanos = new long[RUNS];
        for (int i = 0; i < RUNS; i++) {
            long began = System.nanoTime();
            question.run();
            nanos[i] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);
        return nanos[RUNS * 95 / 100] / 1e6;
    }

    private static SagaFilter filter(String state, String step, String reason) {
        return new SagaFilter(state, null, step, reason, null, null, null, null, null, null, null, null, null, null);
    }

    private static SagaFilter search(String text) {
        return new SagaFilter(null, null, null, null, null, null, null, null, null, null, null, text, null, null);
    }

    private long stuckInDelivery() {
        OrderId order = bench.nextOrder();
        OutgoingMessage last = bench.batch(bench.request(order)).getFirst();
        last = bench.batch(bench.done(last)).getFirst();
        bench.batch(bench.done(last));
        for (int i = 0; i < 7; i++) {
            bench.pass(Duration.ofSeconds(11));
        }
        assertThat(bench.state(order)).isEqualTo("STUCK");
        return bench.sagaId(order);
    }

    private long completed() {
        OrderId order = bench.nextOrder();
        List<OutgoingMessage> said = bench.batch(bench.request(order));
        while (!said.isEmpty()) {
            said = bench.batch(bench.done(said.getFirst()));
        }
        assertThat(bench.state(order)).isEqualTo("COMPLETED");
        return bench.sagaId(order);
    }

    private long open() {
        OrderId order = bench.nextOrder();
        bench.batch(bench.request(order));
        return bench.sagaId(order);
    }

    /** Copies of the three sagas, over thirty days: one in a hundred stuck, one in five hundred open. */
    private void fill(long stuck, long completed, long open) {
        long end = Tsid.floor(bench.now.toEpochMilli());
        long step = (end - Tsid.floor(bench.now.minus(Duration.ofDays(30)).toEpochMilli())) / SAGAS;
        bench.jdbc.update("CREATE TABLE copies AS SELECT ?::int8 - n * ?::int8 AS id, CASE WHEN n % 100 = 0 THEN ?::int8 "
                + "WHEN n <= ? THEN ?::int8 ELSE ?::int8 END AS of, n FROM generate_series(1, ?) AS n",
                end, step, stuck, SAGAS / 500, open, completed, SAGAS);
        bench.jdbc.update("INSERT INTO saga (id, version, phase, updated_at, state, trail, stuck_code, stuck_step, "
                + "stuck_message, stuck_from) SELECT c.id, version, phase, updated_at, state, trail, stuck_code, stuck_step, "
                + "stuck_message, stuck_from FROM copies c JOIN saga s ON s.id = c.of ORDER BY c.id");
        bench.jdbc.update("INSERT INTO saga_data (id, definition, definition_version, definition_hash, business_key, "
                + "created_at, body, search) SELECT c.id, definition, definition_version, definition_hash, c.id + 1, "
                + "to_timestamp(((c.id >> ?) + ?) / 1000.0), body, 'c-' || c.n / 100 % 1000 "
                + "FROM copies c JOIN saga_data d ON d.id = c.of ORDER BY c.id", Tsid.TIME_SHIFT, Tsid.EPOCH_MILLIS);
        bench.jdbc.update("INSERT INTO saga_search SELECT 'c-' || n / 100 % 1000, id FROM copies");
        bench.jdbc.update("INSERT INTO saga_log (saga_id, seq, at, from_state, to_state, message, step, direction, attempt, "
                + "outcome) SELECT c.id, seq, at, from_state, to_state, message, step, direction, attempt, outcome "
                + "FROM copies c JOIN saga_log l ON l.saga_id = c.of WHERE c.of = ? OR seq = 1 ORDER BY c.id", stuck);
        bench.jdbc.update("INSERT INTO saga_timer SELECT id, 'infinity' FROM copies WHERE of = ?", stuck);
        bench.jdbc.update("INSERT INTO saga_stuck (saga_id, definition, step, code, participant, message, since, search) "
                + "SELECT c.id, definition, step, code, participant, message, since, 'c-' || c.n / 100 % 1000 "
                + "FROM copies c JOIN saga_stuck k ON k.saga_id = c.of");
        bench.jdbc.update("UPDATE saga_sweep SET swept_to = ?", end - (SAGAS / 500L + 1) * step);
        bench.jdbc.execute("DROP TABLE copies");
        bench.jdbc.execute("VACUUM ANALYZE");
    }

    private JdbcConnectionDetails details() {
        return new JdbcConnectionDetails() {
            @Override
            public String getUsername() {
                return database.user();
            }

            @Override
            public String getPassword() {
                return database.password();
            }

            @Override
            public String getJdbcUrl() {
                return database.jdbcUrl();
            }
        };
    }
}
