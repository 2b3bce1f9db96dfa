package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.MessageHeaders;
import io.baton.contract.OrderId;
import io.baton.contract.Topics;
import io.baton.contract.Tsid;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SagaTimersIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final ExecutionBench bench = ExecutionBench.pooled();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_command_without_an_answer_is_sent_again_under_the_same_key() {
        OrderId order = bench.nextOrder();
        OutgoingMessage first = bench.batch(bench.request(order)).getFirst();
        assertThat(bench.pass(Duration.ofSeconds(9))).isEmpty();
        List<OutgoingMessage> again = bench.pass(Duration.ofSeconds(2));
        assertThat(again).hasSize(1);
        assertThat(again.getFirst().body()).isEqualTo(first.body());
        assertThat(again.getFirst().headers())
                .containsEntry(MessageHeaders.SAGA_ID, first.headers().get(MessageHeaders.SAGA_ID))
                .containsEntry(MessageHeaders.ATTEMPT, "2");
        assertThat(bench.pass(Duration.ofSeconds(1))).isEmpty();
    }

    @Test
    void a_saga_that_starts_after_the_clock_was_set_back_is_woken_too() {
        bench.batch(bench.request(bench.nextOrder()));
        bench.pass(Duration.ofMinutes(1));
        bench.now = bench.now.minus(Duration.ofMinutes(5));
        bench.said.clear();

        OrderId order = bench.nextOrder();
        OutgoingMessage first = bench.batch(bench.request(order)).getFirst();

        assertThat(bench.pass(Duration.ofSeconds(9))).isEmpty();
        assertThat(bench.pass(Duration.ofSeconds(2)))
                .extracting(OutgoingMessage::body)
                .containsExactly(first.body());
        assertThat(bench.counts.take().balances().get("order-fulfilment"))
                .as("started, completed, compensated, moving, stuck")
                .isEqualTo(new SagaCounts.Balance(2, 0, 0, 2, 0));
    }

    @Test
    void a_clock_that_is_set_back_under_load_lets_no_saga_wait_for_it() {
        bench.batch(bench.request(bench.nextOrder()));
        bench.pass(Duration.ofMinutes(1));
        // Ids never go back within a process: the next ones go on from here.
        bench.batch(bench.request(bench.nextOrder()));
        bench.now = bench.now.minus(Duration.ofHours(1));
        bench.said.clear();

        OutgoingMessage first = bench.batch(bench.request(bench.nextOrder())).getFirst();

        assertThat(bench.pass(Duration.ofSeconds(9))).isEmpty();
        assertThat(bench.pass(Duration.ofSeconds(2)))
                .extracting(OutgoingMessage::body)
                .containsExactly(first.body());
        bench.pass(Duration.ofHours(2));
        assertThat(bench.counts.take().balances().get("order-fulfilment").started()).isEqualTo(3);
    }

    @Test
    void silence_to_the_end_undoes_the_silent_step_too() {
        OrderId order = bench.nextOrder();
        bench.batch(bench.request(order));
        List<OutgoingMessage> said = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            said.addAll(bench.pass(Duration.ofSeconds(11)));
        }
        assertThat(said.stream().map(message -> message.body().getClass().getSimpleName()))
                .containsExactly(
                        "ChargePayment", "ChargePayment", "ChargePayment", "ChargePayment", "ChargePayment",
                                "RefundPayment");
        OutgoingMessage cancel = bench.batch(bench.done(said.getLast())).getFirst();
        assertThat(ExecutionBench.cause(cancel)).isEqualTo("TIMEOUT");
    }

    @Test
    void a_saga_that_went_on_before_it_was_swept_is_woken_by_its_newest_command() {
        OrderId order = bench.nextOrder();
        OutgoingMessage charge = bench.batch(bench.request(order)).getFirst();
        bench.now = bench.now.plusSeconds(9);
        bench.batch(bench.done(charge));
        assertThat(bench.pass(Duration.ofSeconds(5))).isEmpty();
        assertThat(bench.count("saga_timer")).isEqualTo(1);
        assertThat(bench.pass(Duration.ofSeconds(5))).hasSize(1);
    }

    @Test
    void a_timer_of_a_saga_that_has_ended_is_forgotten() {
        OrderId order = bench.nextOrder();
        OutgoingMessage last = bench.batch(bench.request(order)).getFirst();
        bench.pass(Duration.ofSeconds(11));
        last = bench.said.getLast();
        for (int step = 0; step < 3; step++) {
            last = bench.batch(bench.done(last)).getFirst();
        }
        bench.batch(bench.done(last));
        assertThat(bench.state(order)).isEqualTo("COMPLETED");
        bench.pass(Duration.ofSeconds(20));
        assertThat(bench.count("saga_timer")).isZero();
    }

    @Test
    void a_stuck_saga_keeps_a_timer_that_never_fires_and_goes_on_by_its_answer() {
        OrderId order = bench.nextOrder();
        OutgoingMessage last = bench.batch(bench.request(order)).getFirst();
        last = bench.batch(bench.done(last)).getFirst();
        bench.batch(bench.done(last));
        for (int i = 0; i < 7; i++) {
            bench.pass(Duration.ofSeconds(11));
        }
        assertThat(bench.state(order)).isEqualTo("STUCK");
        assertThat(bench.open()).containsExactly(0L, 1L);
        assertThat(bench.pass(Duration.ofMinutes(5))).isEmpty();
        assertThat(bench.queries.page(SagaFilter.inState("STUCK"), false, null, 10).sagas()).hasSize(1);

        OutgoingMessage sixth = bench.said.getLast();
        assertThat(sixth.headers()).containsEntry(MessageHeaders.ATTEMPT, "6");
        OutgoingMessage complete = bench.batch(bench.done(sixth)).getFirst();
        assertThat(bench.state(order)).isEqualTo("DELIVERY_SCHEDULED");
        assertThat(bench.pass(Duration.ofSeconds(11))).as("its timers fire again").hasSize(1);
        assertThat(complete.body()).isEqualTo(bench.said.getLast().body());
    }

    @Test
    void nothing_fires_while_replies_lie_unread() {
        OrderId order = bench.nextOrder();
        OutgoingMessage charge = bench.batch(bench.request(order)).getFirst();
        bench.repliesAreRead = false;
        assertThat(bench.pass(Duration.ofMinutes(5))).isEmpty();
        OutgoingMessage reserve = bench.batch(bench.done(charge)).getFirst();
        bench.repliesAreRead = true;
        assertThat(bench.pass(Duration.ofSeconds(1))).isEmpty();
        assertThat(bench.state(order)).isEqualTo("PAYMENT_COMPLETED");
        assertThat(bench.pass(TIMEOUT)).extracting(OutgoingMessage::body).containsExactly(reserve.body());
    }

    @Test
    void no_more_timers_fire_at_once_than_allowed() {
        for (int i = 0; i < 30; i++) {
            bench.batch(bench.request(bench.nextOrder()));
        }
        bench.said.clear();
        bench.now = bench.now.plusSeconds(11);
        bench.transactions.executeWithoutResult(_ -> bench.timers.sweep(bench.now, TIMEOUT));
        assertThat(bench.worker.fire(10)).isEqualTo(10);
        assertThat(bench.said).hasSize(10);
        bench.worker.fire(10);
        bench.worker.fire(10);
        assertThat(bench.worker.fire(10)).isZero();
        assertThat(bench.said).hasSize(30);
        assertThat(bench.said.stream().map(OutgoingMessage::key).distinct()).hasSize(30);
    }

    @Test
    void a_broken_saga_does_not_stop_the_timers_of_the_others() {
        OrderId unreadable = bench.nextOrder();
        OrderId broken = bench.nextOrder();
        OrderId strange = bench.nextOrder();
        OrderId good = bench.nextOrder();
        for (OrderId order : List.of(unreadable, broken, strange, good)) {
            bench.batch(bench.request(order));
        }
        bench.jdbc.update("UPDATE saga SET trail = '\\x00' WHERE id = ?", bench.sagaId(unreadable));
        bench.jdbc.update("UPDATE saga_data SET body = '\\x00' WHERE id = ?", bench.sagaId(broken));
        bench.jdbc.update("UPDATE saga_data SET definition = 'unheard-of' WHERE id = ?", bench.sagaId(strange));

        List<OutgoingMessage> said = bench.pass(Duration.ofSeconds(11));
        assertThat(said.stream().map(OutgoingMessage::key)).containsExactly(good.toString());
        assertThat(bench.state(broken)).isEqualTo("STUCK");
        assertThat(bench.state(strange)).isEqualTo("STUCK");
        assertThat(bench.pass(Duration.ofSeconds(1))).as("the unreadable one is put off").isEmpty();
        assertThat(bench.queries.find(bench.sagaId(unreadable))).isPresent();
    }

    @Test
    void what_a_timer_sends_belongs_to_the_trace_that_the_saga_began_with() {
        String traceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
        OrderId order = bench.nextOrder();
        bench.batch(bench.message(
                Topics.SAGA_REQUESTS,
                order.toString(),
                ExecutionBench.fulfil(order),
                Map.of(MessageHeaders.TRACE_PARENT, traceParent)));
        bench.batch(bench.request(bench.nextOrder()));
        OrderId strange = bench.nextOrder();
        bench.batch(bench.message(
                Topics.SAGA_REQUESTS,
                strange.toString(),
                ExecutionBench.fulfil(strange),
                Map.of(MessageHeaders.TRACE_PARENT, "no trace at all")));

        List<OutgoingMessage> again = bench.pass(Duration.ofSeconds(11));
        assertThat(again).hasSize(3).allSatisfy(message -> {
            if (message.key().equals(order.toString())) {
                assertThat(message.headers()).containsEntry(MessageHeaders.TRACE_PARENT, traceParent);
            } else {
                assertThat(message.headers()).doesNotContainKey(MessageHeaders.TRACE_PARENT);
            }
        });
    }

    @Test
    void a_timer_of_a_sampled_saga_is_a_span_below_what_the_saga_began_with() {
        List<SpanData> spans = new ArrayList<>();
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(new Kept(spans)))
                .build();
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder().setTracerProvider(provider).build();
        bench.tracer = new OtelTracer(sdk.getTracer("test"), new OtelCurrentTraceContext(), _ -> {});
        bench.use(List.of(OrderFulfilment.definition()));
        OrderId order = bench.nextOrder();
        bench.batch(bench.message(
                Topics.SAGA_REQUESTS,
                order.toString(),
                ExecutionBench.fulfil(order),
                Map.of(MessageHeaders.TRACE_PARENT, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")));

        OutgoingMessage again = bench.pass(Duration.ofSeconds(11)).getFirst();
        assertThat(spans).singleElement().satisfies(span -> {
            assertThat(span.getName()).isEqualTo("saga timer");
            assertThat(span.getTraceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
            assertThat(span.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
            assertThat(again.headers())
                    .containsEntry(
                            MessageHeaders.TRACE_PARENT,
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-" + span.getSpanId() + "-01");
        });
    }

    @Test
    void two_instances_share_what_is_due() throws Exception {
        for (int i = 0; i < 4; i++) {
            bench.batch(bench.request(bench.nextOrder()));
        }
        bench.said.clear();
        bench.now = bench.now.plusSeconds(11);
        bench.transactions.executeWithoutResult(_ -> bench.timers.sweep(bench.now, TIMEOUT));
        long held = bench.jdbc.queryForObject("SELECT min(id) FROM saga", Long.class);
        try (Connection other = connection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT FROM saga WHERE id = " + held + " FOR UPDATE");
            assertThat(bench.worker.fire(10)).isEqualTo(3);
            other.rollback();
        }
        assertThat(bench.worker.fire(10)).isEqualTo(1);
    }

    @Test
    void the_sweep_stays_behind_a_transaction_that_is_still_running() throws Exception {
        bench.now = bench.jdbc
                .queryForObject("SELECT now()", java.time.OffsetDateTime.class)
                .toInstant();
        try (Connection slow = connection();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            long id = Tsid.floor(started(statement));
            statement.execute("INSERT INTO saga (id, version, phase, updated_at, state, trail) VALUES (" + id
                    + ", 1, 0, now(), 'STARTED', '\\x01')");
            bench.now = bench.now.plusSeconds(600);
            bench.transactions.executeWithoutResult(_ -> bench.timers.sweep(bench.now, TIMEOUT));
            assertThat(sweptTo()).isLessThanOrEqualTo(id);
            slow.commit();
        }
        await().untilAsserted(() -> {
            bench.transactions.executeWithoutResult(_ -> bench.timers.sweep(bench.now, TIMEOUT));
            assertThat(bench.count("saga_timer")).isEqualTo(1);
        });
    }

    @Test
    void only_one_instance_sweeps_at_a_time() throws Exception {
        bench.batch(bench.request(bench.nextOrder()));
        bench.now = bench.now.plusSeconds(11);
        try (Connection other = connection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT FROM saga_sweep FOR UPDATE");
            assertThat(sweep()).isZero();
            other.rollback();
        }
        assertThat(sweep()).isEqualTo(1);
        assertThat(sweep()).isZero();
    }

    @Test
    void every_open_saga_is_watched() {
        for (int i = 0; i < 20; i++) {
            OutgoingMessage charge = bench.batch(bench.request(bench.nextOrder())).getFirst();
            if (i % 3 == 0) {
                bench.batch(bench.failed(charge));
            } else if (i % 3 == 1) {
                bench.batch(bench.done(charge));
            }
            bench.pass(Duration.ofSeconds(i));
            assertThat(bench.jdbc.queryForObject(
                            "SELECT count(*) FROM saga s WHERE phase IN (0, 1) AND id < (SELECT swept_to FROM "
                                    + "saga_sweep) "
                                    + "AND NOT EXISTS (SELECT FROM saga_timer t WHERE t.saga_id = s.id)",
                            Integer.class))
                    .isZero();
        }
    }

    private record Kept(List<SpanData> spans) implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> ended) {
            spans.addAll(ended);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private int sweep() {
        return Objects.requireNonNull(bench.transactions.execute(_ -> bench.timers.sweep(bench.now, TIMEOUT)));
    }

    private long sweptTo() {
        return bench.jdbc.queryForObject("SELECT swept_to FROM saga_sweep", Long.class);
    }

    private Connection connection() throws Exception {
        return Objects.requireNonNull(bench.jdbc.getDataSource()).getConnection();
    }

    private static long started(Statement statement) throws Exception {
        try (var rows = statement.executeQuery("SELECT floor(extract(epoch FROM now()) * 1000)::bigint")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
