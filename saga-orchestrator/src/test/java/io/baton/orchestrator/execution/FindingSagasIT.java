package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.order.FulfilOrder;
import io.baton.messaging.OutgoingMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An operator who is on the phone with a customer finds all of the customer's sagas. */
class FindingSagasIT {

    private static final Duration LATER = Duration.ofSeconds(20);

    private final ExecutionBench bench = ExecutionBench.pooled();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_customers_sagas_are_found_whatever_became_of_them() {
        OrderId stuck = order("ann");
        getStuck(stuck);
        OrderId completed = order("ann");
        complete(completed);
        OrderId moving = order("ann");
        bench.pass(LATER);
        OrderId justNow = order("ann");
        order("bob");

        assertThat(bench.state(completed)).isEqualTo("COMPLETED");
        assertThat(bench.state(stuck)).isEqualTo("STUCK");
        assertThat(found("ann")).isEqualTo(ids(stuck, completed, moving, justNow));
        assertThat(found("bob")).hasSize(1);
        assertThat(found("nobody")).isEmpty();
    }

    @Test
    void they_are_narrowed_like_any_others() {
        OrderId completed = order("ann");
        complete(completed);
        OrderId moving = order("ann");
        bench.pass(LATER);
        order("ann");

        SagaFilter filter = text("COMPLETED", "ann");
        assertThat(bench.queries.page(filter, true, null, 10).sagas()).hasSize(1);
        assertThat(bench.queries.page(text(null, "ann"), true, bench.sagaId(completed), 1).sagas())
                .extracting(found -> found.saga().id().value())
                .containsExactly(bench.sagaId(moving));
    }

    @Test
    void open_ones_are_those_that_are_stuck_and_those_that_move_in_one_order() {
        OrderId stuck = order("ann");
        getStuck(stuck);
        OrderId completed = order("bob");
        complete(completed);
        OrderId moving = order("ann");
        bench.pass(LATER);
        OrderId justNow = order("bob");

        SagaFilter open = SagaFilter.inState(SagaFilter.OPEN);
        assertThat(walk(open, true)).isEqualTo(ids(stuck, moving, justNow));
        assertThat(walk(open, false)).isEqualTo(ids(stuck, moving, justNow).reversed());
        assertThat(walk(text(SagaFilter.OPEN, "ann"), true)).isEqualTo(ids(stuck, moving));
    }

    /** The ids on all pages of one. */
    private List<SagaId> walk(SagaFilter filter, boolean oldestFirst) {
        List<SagaId> ids = new ArrayList<>();
        Long after = null;
        do {
            SagaQueries.Found page = bench.queries.page(filter, oldestFirst, after, 1);
            page.sagas().forEach(found -> ids.add(found.saga().id()));
            after = page.next();
        } while (after != null);
        return ids;
    }

    @Test
    void ages_are_bounded_on_both_sides_in_both_orders() {
        OrderId oldest = order("ann");
        bench.now = bench.now.plusSeconds(100);
        OrderId middle = order("ann");
        bench.now = bench.now.plusSeconds(100);
        OrderId youngest = order("ann");

        assertThat(walk(between(null, bench.now.minusSeconds(50)), true)).isEqualTo(ids(oldest, middle));
        assertThat(walk(between(bench.now.minusSeconds(150), null), true)).isEqualTo(ids(middle, youngest));
        for (boolean oldestFirst : List.of(true, false)) {
            assertThat(walk(between(bench.now.minusSeconds(150), bench.now.minusSeconds(50)), oldestFirst)).isEqualTo(ids(middle));
        }
    }

    @Test
    void a_saga_is_found_by_the_trace_that_it_began_in() {
        order("ann");
        OrderId traced = order("ann");
        bench.jdbc.update("UPDATE saga_data SET trace_parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' "
                + "WHERE id = ?", bench.sagaId(traced));

        assertThat(walk(traced("4bf92f3577b34da6a3ce929d0e0e4736"), true)).isEqualTo(ids(traced));
        assertThat(walk(traced("00000000000000000000000000000001"), true)).isEmpty();
    }

    private static SagaFilter between(@Nullable Instant after, @Nullable Instant before) {
        return new SagaFilter(null, null, null, null, null, null, before, null, null, null, null, null, after, null);
    }

    private static SagaFilter traced(String traceId) {
        return new SagaFilter(null, null, null, null, null, null, null, null, null, null, null, null, null, traceId);
    }

    @Test
    void one_that_starts_after_the_clock_was_set_back_is_found_as_well() {
        order("ann");
        bench.pass(LATER);
        bench.now = bench.now.minusSeconds(300);
        order("ann");

        assertThat(found("ann")).hasSize(2);
    }

    @Test
    void what_is_too_long_to_be_looked_for_stops_nothing() {
        OrderId order = order("x".repeat(5_000));
        bench.pass(LATER);

        assertThat(bench.state(order)).isEqualTo("STARTED");
        assertThat(bench.count("saga_search")).isZero();
    }

    private OrderId order(String customer) {
        OrderId order = bench.nextOrder();
        FulfilOrder usual = ExecutionBench.fulfil(order);
        bench.batch(bench.request(order, new FulfilOrder(
                order,
                customer,
                usual.lines(),
                usual.total(),
                usual.paymentMethod(),
                usual.cardToken(),
                usual.deliveryAddress(),
                usual.placedAt())));
        return order;
    }

    private void complete(OrderId order) {
        while (!bench.state(order).equals("COMPLETED")) {
            bench.batch(bench.done(newest(order)));
        }
    }

    private void getStuck(OrderId order) {
        // Both steps before the pivot are done, and to the pivot nobody answers.
        bench.batch(bench.done(newest(order)));
        bench.batch(bench.done(newest(order)));
        for (int i = 0; i < 10; i++) {
            bench.pass(LATER);
        }
    }

    private OutgoingMessage newest(OrderId order) {
        return bench.said.stream()
                .filter(message -> message.key().equals(order.toString()))
                .toList()
                .getLast();
    }

    private List<SagaId> found(String text) {
        return bench.queries.page(text(null, text), true, null, 10).sagas().stream()
                .map(snapshot -> snapshot.saga().id())
                .toList();
    }

    private static SagaFilter text(@Nullable String state, String text) {
        return new SagaFilter(state, null, null, null, null, null, null, null, null, null, null, text, null, null);
    }

    private List<SagaId> ids(OrderId... orders) {
        return Arrays.stream(orders).map(order -> new SagaId(bench.sagaId(order))).toList();
    }
}
