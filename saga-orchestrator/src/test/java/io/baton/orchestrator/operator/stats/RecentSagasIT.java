package io.baton.orchestrator.operator.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.execution.ExecutionBench;
import io.baton.orchestrator.execution.SagaDefinitions;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.operator.stats.RecentSagas.Cause;
import io.baton.orchestrator.operator.stats.RecentSagas.Fared;
import io.baton.orchestrator.operator.stats.RecentSagas.Recent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecentSagasIT {

    private final ExecutionBench bench = ExecutionBench.pooled();
    private final RecentSagas recent = new RecentSagas(
            bench.jdbc,
            new SagaDefinitions(List.of(OrderFulfilment.definition()), List.of()),
            Objects.requireNonNull(bench.transactions.getTransactionManager()));

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void where_there_are_none_nothing_is_said_of_them() {
        Recent none = recent.look(bench.now);
        assertThat(none.sagas()).isZero();
        assertThat(none.since()).isEqualTo(bench.now.minus(Duration.ofHours(1)));
        assertThat(none.byDefinition()).isEmpty();
    }

    @Test
    void how_they_fared_is_what_the_tables_say_of_each() {
        Instant before = bench.now;
        theyFareByChance(new Random(4));
        Recent all = recent.look(bench.now);
        Fared fared = all.byDefinition().get("order-fulfilment");

        assertThat(all.sagas()).isEqualTo(bench.count("saga")).isEqualTo(fared.started());
        assertThat(all.since()).isEqualTo(before);
        assertThat(fared.completed()).isPositive().isEqualTo(number("SELECT count(*) FROM saga WHERE phase = 2"));
        assertThat(fared.compensated()).isPositive().isEqualTo(number("SELECT count(*) FROM saga WHERE phase = 3"));
        List<Long> millis = bench.jdbc.queryForList(
                "SELECT round(extract(epoch FROM max(at) - min(at)) * 1000)::bigint AS took FROM saga_log JOIN saga ON id = "
                        + "saga_id WHERE phase = 2 GROUP BY id ORDER BY took",
                Long.class);
        assertThat(fared.durations().mean())
                .isCloseTo(millis.stream().mapToLong(one -> one).average().orElseThrow(), within(1.0));
        assertThat(fared.durations().p50()).isEqualTo(millis.get((int) Math.ceil(millis.size() * 0.5) - 1).doubleValue());
        assertThat(fared.durations().p95()).isEqualTo(millis.get((int) Math.ceil(millis.size() * 0.95) - 1).doubleValue());
        assertThat(fared.durations().p99()).isEqualTo(millis.get((int) Math.ceil(millis.size() * 0.99) - 1).doubleValue());
        assertThat(fared.causes())
                .isNotEmpty()
                .containsExactlyElementsOf(bench.jdbc.query(
                        "SELECT reason_step, reason_code, count(*) FROM saga WHERE reason_code IS NOT NULL GROUP BY 1, 2 "
                                + "ORDER BY 3 DESC, 1, 2",
                        (row, number) -> new Cause(row.getString(1), row.getString(2), row.getLong(3))));
        assertThat(fared.unknownMillis()).isPositive();
    }

    @Test
    void for_how_long_answers_were_late_is_told_from_the_timeout_to_what_came_next() {
        bench.batch(bench.request(bench.nextOrder()));
        List<OutgoingMessage> said = List.of();
        while (said.isEmpty()) {
            said = bench.pass(Duration.ofSeconds(1));
        }
        bench.now = bench.now.plusSeconds(3);
        while (!said.isEmpty()) {
            said = bench.batch(bench.done(said.getFirst()));
        }
        assertThat(recent.look(bench.now).byDefinition().get("order-fulfilment").unknownMillis()).isEqualTo(3_000);
    }

    @Test
    void what_was_started_more_than_an_hour_ago_is_not_among_them() {
        bench.batch(bench.request(bench.nextOrder()));
        bench.now = bench.now.plus(Duration.ofMinutes(50));
        bench.batch(bench.request(bench.nextOrder()));
        assertThat(recent.look(bench.now).sagas()).isEqualTo(2);
        assertThat(recent.look(bench.now.plus(Duration.ofMinutes(11))).sagas()).isEqualTo(1);
    }

    private void theyFareByChance(Random random) {
        List<OutgoingMessage> unanswered = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 4 && round < 12; i++) {
                unanswered.addAll(bench.batch(bench.request(bench.nextOrder())));
            }
            for (OutgoingMessage command : List.copyOf(unanswered)) {
                int fate = random.nextInt(10);
                if (fate < 7) {
                    unanswered.remove(command);
                    boolean isRefused = fate < 2 && "ACTION".equals(command.headers().get("ce_direction"));
                    unanswered.addAll(bench.batch(isRefused ? bench.refused(command) : bench.done(command)));
                }
            }
            unanswered.addAll(bench.pass(Duration.ofMillis(random.nextInt(8_000))));
        }
    }

    private long number(String sql) {
        return Objects.requireNonNull(bench.jdbc.queryForObject(sql, Long.class));
    }
}
