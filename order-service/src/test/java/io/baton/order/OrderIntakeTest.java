package io.baton.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.SimpleTransactionStatus;

/** The intake with a database that does what the test says. */
class OrderIntakeTest {

    private final AtomicLong ids = new AtomicLong();
    private final Database database = new Database();
    private final OrderIntake intake = new OrderIntake(new IntakeFlush(database, database, database), database);

    @BeforeEach
    void start() {
        intake.start();
    }

    @AfterEach
    void stop() {
        database.gate.countDown();
        intake.stop();
    }

    @Test
    void orders_that_come_while_a_flush_is_under_way_share_the_next_one() {
        CompletableFuture<Placement> first = place("first", null);
        await().until(() -> database.flushes.size() == 1);
        List<CompletableFuture<Placement>> others = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            others.add(place("other", null));
        }
        await().until(() -> intakeHolds(50));
        database.gate.countDown();

        assertThat(first.join()).isInstanceOf(Placement.Placed.class);
        others.forEach(other -> assertThat(other.join()).isInstanceOf(Placement.Placed.class));
        assertThat(database.flushes).containsExactly(1, 50);
        assertThat(database.said).hasSize(51);
    }

    @Test
    void one_bad_order_does_not_fail_its_neighbours() {
        place("first", null);
        await().until(() -> database.flushes.size() == 1);
        CompletableFuture<Placement> good = place("good", null);
        CompletableFuture<Placement> bad = place("bad", null);
        CompletableFuture<Placement> better = place("better", null);
        await().until(() -> intakeHolds(3));
        database.gate.countDown();

        assertThat(good.join()).isInstanceOf(Placement.Placed.class);
        assertThat(better.join()).isInstanceOf(Placement.Placed.class);
        assertThatThrownBy(bad::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void when_the_database_is_away_everybody_hears_it_and_nobody_is_tried_one_by_one() {
        database.gate.countDown();
        database.away = new DataAccessResourceFailureException("away");

        assertThatThrownBy(() -> place("any", null).join())
                .hasCauseInstanceOf(DataAccessResourceFailureException.class);
        assertThat(database.flushes).hasSize(1);

        database.away = null;
        assertThat(place("any", null).join()).isInstanceOf(Placement.Placed.class);
    }

    @Test
    void a_commit_that_is_lost_leaves_the_order_in_doubt() {
        database.gate.countDown();
        database.commitFails = true;

        assertThatThrownBy(() -> place("any", null).join()).hasCauseInstanceOf(OrderInDoubtException.class);
    }

    @Test
    void a_key_is_in_flight_until_its_order_is_stored_and_known_from_then_on() {
        CompletableFuture<Placement> first = place("any", request("k", 1));
        await().until(() -> database.flushes.size() == 1);

        assertThat(place("any", request("k", 1)).join()).isInstanceOf(Placement.KeyInFlight.class);
        assertThat(place("any", request("k", 2)).join()).isInstanceOf(Placement.KeyUsedOtherwise.class);
        database.gate.countDown();

        Placement.Placed placed = (Placement.Placed) first.join();
        assertThat(place("any", request("k", 1)).join())
                .isEqualTo(new Placement.PlacedBefore(placed.order().id(), false));
        assertThat(place("any", request("k", 2)).join()).isInstanceOf(Placement.KeyUsedOtherwise.class);
        assertThat(database.said).hasSize(1);
    }

    @Test
    void a_key_is_free_again_when_its_order_could_not_be_stored() {
        database.gate.countDown();
        database.away = new DataAccessResourceFailureException("away");
        assertThatThrownBy(() -> place("any", request("k", 1)).join()).isInstanceOf(CompletionException.class);
        database.away = null;

        assertThat(place("any", request("k", 1)).join()).isInstanceOf(Placement.Placed.class);
    }

    @Test
    void a_full_intake_refuses_at_once() {
        place("first", null);
        await().until(() -> database.flushes.size() == 1);
        for (int i = 0; i < OrderIntake.LONGEST_QUEUE; i++) {
            place("waits", null);
        }
        await().until(() -> intakeHolds(OrderIntake.LONGEST_QUEUE));

        assertThatThrownBy(() -> place("one too many", null).join()).hasCauseInstanceOf(IntakeFullException.class);
    }

    @Test
    void what_is_queued_is_stored_before_the_service_ends() {
        CompletableFuture<Placement> first = place("first", null);
        await().until(() -> database.flushes.size() == 1);
        CompletableFuture<Placement> second = place("second", null);
        await().until(() -> intakeHolds(1));
        database.gate.countDown();
        intake.stop();

        assertThat(first.join()).isInstanceOf(Placement.Placed.class);
        assertThat(second.join()).isInstanceOf(Placement.Placed.class);
        assertThatThrownBy(() -> place("late", null).join()).hasCauseInstanceOf(IntakeFullException.class);
    }

    private boolean intakeHolds(int orders) {
        return intake.queued() == orders;
    }

    private CompletableFuture<Placement> place(String customer, @Nullable IdempotentRequest request) {
        CompletableFuture<Placement> placement = new CompletableFuture<>();
        NewOrder order = order(customer);
        Thread.startVirtualThread(() -> {
            try {
                placement.complete(intake.place(order, request));
            } catch (RuntimeException | InterruptedException e) {
                placement.completeExceptionally(e);
            }
        });
        return placement;
    }

    private NewOrder order(String customer) {
        Money price = new Money(100, "EUR");
        return new NewOrder(
                new OrderId(ids.incrementAndGet()),
                customer,
                List.of(new PricedLine("A", 1, price)),
                price,
                PaymentMethod.WALLET,
                null,
                new Address("Ada", "Street 1", null, "Berlin", "10115", "DE"),
                Instant.parse("2026-01-01T00:00:00Z"));
    }

    private static IdempotentRequest request(String key, int hash) {
        return new IdempotentRequest(key, new byte[] {(byte) hash});
    }

    /** Lets flushes through once its gate is open; knows keys; cannot store an order of the customer "bad". */
    private static final class Database implements PlacedOrders, FulfilmentRequests, PlatformTransactionManager {

        private record Wish(OrderId order) implements Request {}

        final CountDownLatch gate = new CountDownLatch(1);
        final List<Integer> flushes = Collections.synchronizedList(new ArrayList<>());
        final List<OrderId> said = Collections.synchronizedList(new ArrayList<>());
        final Map<String, KnownKey> keys = new HashMap<>();
        volatile @Nullable RuntimeException away;
        volatile boolean commitFails;

        @Override
        public Map<String, KnownKey> claim(List<Claim> claims) {
            Map<String, KnownKey> known = new HashMap<>();
            for (Claim claim : claims) {
                RuntimeException trouble = away;
                KnownKey mine = new KnownKey(claim.request().bodyHash(), claim.orderId(), false);
                KnownKey before = trouble == null ? keys.putIfAbsent(claim.request().key(), mine) : null;
                if (before != null) {
                    known.put(claim.request().key(), before);
                }
            }
            return known;
        }

        @Override
        public void insert(List<NewOrder> orders) {
            flushes.add(orders.size());
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            RuntimeException trouble = away;
            if (trouble != null) {
                throw trouble;
            }
            if (orders.stream().anyMatch(order -> order.customerId().equals("bad"))) {
                throw new DataIntegrityViolationException("bad");
            }
        }

        @Override
        public @Nullable KnownKey find(String key) {
            return keys.get(key);
        }

        @Override
        public void rememberFinalAnswer(String key) {}

        @Override
        public int forgetKeysOlderThan(int hours, int limit) {
            return 0;
        }

        @Override
        public Request of(NewOrder order) {
            return new Wish(order.id());
        }

        @Override
        public void send(List<Request> requests) {
            requests.forEach(request -> said.add(((Wish) request).order()));
        }

        @Override
        public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
            return new SimpleTransactionStatus();
        }

        @Override
        public void commit(TransactionStatus status) {
            if (commitFails) {
                throw new TransactionSystemException("no answer");
            }
        }

        @Override
        public void rollback(TransactionStatus status) {}
    }
}
