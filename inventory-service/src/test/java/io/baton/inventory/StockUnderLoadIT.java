package io.baton.inventory;

import static io.baton.inventory.Fixture.line;
import static io.baton.inventory.Fixture.newOrder;
import static io.baton.inventory.Fixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.contract.OrderId;
import io.baton.inventory.ReserveResult.Held;
import io.baton.inventory.ReserveResult.OutOfStock;
import jakarta.persistence.EntityManagerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.hibernate.SessionFactory;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.transaction.support.TransactionTemplate;

/** Many orders at once, in one transaction or in many. */
@InventoryTest
class StockUnderLoadIT {

    @Autowired
    StockReservation stock;

    @Autowired
    Catalogue catalogue;

    @Autowired
    TransactionTemplate transactions;

    @Autowired
    EntityManagerFactory entityManagerFactory;

    Fixture fixture;

    @BeforeEach
    void useOwnProducts() {
        fixture = new Fixture(catalogue);
    }

    @Test
    void two_hundred_orders_for_the_last_twenty_pieces_get_exactly_twenty() throws Exception {
        String mouse = fixture.product("mouse", 20);
        List<Callable<ReserveResult>> orders = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            orders.add(() -> stock.reserve(request(newOrder(), line(mouse, 1))));
        }

        List<ReserveResult> results = allAtOnce(orders);

        assertThat(results).filteredOn(Held.class::isInstance).hasSize(20);
        assertThat(results).filteredOn(OutOfStock.class::isInstance).hasSize(180);
        fixture.assertStock(mouse, 0, 20, 0);
    }

    @Test
    void transactions_that_name_the_same_products_in_different_orders_do_not_lock_each_other_out() throws Exception {
        String mouse = fixture.product("mouse", 1_000);
        String desk = fixture.product("desk", 1_000);
        List<Callable<Object>> work = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            OrderId shipped = newOrder();
            stock.reserve(request(shipped, line(mouse, 1), line(desk, 1)));
            work.add(() -> stock.reserve(request(newOrder(), line(mouse, 1), line(desk, 1))));
            work.add(() -> stock.reserve(request(newOrder(), line(desk, 1), line(mouse, 1))));
            work.add(() -> stock.ship(shipped));
        }

        allAtOnce(work);

        fixture.assertStock(mouse, 820, 120, 60);
        fixture.assertStock(desk, 820, 120, 60);
    }

    @Test
    void goods_that_ship_and_come_back_in_the_same_moment_are_there_once() throws Exception {
        String mouse = fixture.product("mouse", 200);
        String desk = fixture.product("desk", 200);
        List<Callable<Boolean>> work = new ArrayList<>();
        List<OrderId> orders = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            OrderId order = newOrder();
            orders.add(order);
            stock.reserve(request(order, line(mouse, 1), line(desk, 1)));
            work.add(() -> stock.ship(order));
            work.add(() -> takenBack(order));
            work.add(() -> takenBack(order));
        }

        allAtOnce(work);

        fixture.assertStock(mouse, 200, 0, 0);
        fixture.assertStock(desk, 200, 0, 0);
        assertThat(orders).noneMatch(stock::ship);
    }

    private boolean takenBack(OrderId order) {
        stock.takeBack(order);
        return true;
    }

    @Test
    void a_batch_that_reserves_releases_and_ships_costs_six_statements_however_large_it_is() {
        assertThat(statementsOfABatchOf(5)).isEqualTo(6);
        assertThat(statementsOfABatchOf(60)).isEqualTo(6);
    }

    /** One query each for held SKUs, products and reservations; one batch each for the three kinds of write. */
    private long statementsOfABatchOf(int size) {
        List<String> skus = new ArrayList<>();
        List<OrderId> toRelease = new ArrayList<>();
        List<OrderId> toShip = new ArrayList<>();
        List<ReservationRequest> toReserve = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String sku = fixture.product("mouse", 10);
            skus.add(sku);
            toRelease.add(held(sku, 1));
            toShip.add(held(sku, 2));
            toReserve.add(request(newOrder(), line(sku, 3)));
        }
        Statistics statistics =
                entityManagerFactory.unwrap(SessionFactory.class).getStatistics();
        long before = statistics.getPrepareStatementCount();
        transactions.executeWithoutResult(status -> {
            stock.announceReservations(toReserve);
            stock.announceChanges(toRelease);
            stock.announceChanges(toShip);
            toReserve.forEach(stock::reserve);
            toRelease.forEach(stock::release);
            toShip.forEach(stock::ship);
        });
        long statements = statistics.getPrepareStatementCount() - before;
        skus.forEach(sku -> fixture.assertStock(sku, 5, 3, 2));
        return statements;
    }

    @Test
    void a_batch_that_takes_back_costs_five_statements_however_large_it_is() {
        assertThat(statementsOfTakingBack(5)).isEqualTo(5);
        assertThat(statementsOfTakingBack(60)).isEqualTo(5);
    }

    /** One query each for taken SKUs, products and reservations; one batch each for the two kinds of write. */
    private long statementsOfTakingBack(int size) {
        List<String> skus = new ArrayList<>();
        List<OrderId> orders = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String sku = fixture.product("mouse", 10);
            OrderId order = held(sku, 2);
            stock.ship(order);
            skus.add(sku);
            orders.add(order);
        }
        Statistics statistics =
                entityManagerFactory.unwrap(SessionFactory.class).getStatistics();
        long before = statistics.getPrepareStatementCount();
        transactions.executeWithoutResult(status -> {
            stock.announceChanges(orders);
            orders.forEach(stock::takeBack);
        });
        long statements = statistics.getPrepareStatementCount() - before;
        skus.forEach(sku -> fixture.assertStock(sku, 10, 0, 0));
        return statements;
    }

    private OrderId held(String sku, long quantity) {
        OrderId order = newOrder();
        stock.reserve(request(order, line(sku, quantity)));
        return order;
    }

    @Test
    void one_batch_may_reserve_and_release_and_refuse_the_same_order() {
        String mouse = fixture.product("mouse", 10);
        OrderId order = newOrder();

        transactions.executeWithoutResult(status -> {
            stock.announceReservations(List.of(request(order, line(mouse, 4))));
            stock.announceChanges(List.of(order));
            assertThat(stock.reserve(request(order, line(mouse, 4)))).isInstanceOf(Held.class);
            assertThat(stock.release(order)).isInstanceOf(ReleaseResult.Released.class);
            assertThat(stock.reserve(request(order, line(mouse, 4)))).isInstanceOf(ReserveResult.Released.class);
        });

        fixture.assertStock(mouse, 10, 0, 0);
    }

    @Test
    void what_was_not_announced_is_handled_too() {
        String mouse = fixture.product("mouse", 10);
        String desk = fixture.product("desk", 10);
        OrderId shipped = held(desk, 2);

        transactions.executeWithoutResult(status -> {
            stock.reserve(request(newOrder(), line(mouse, 4)));
            stock.ship(shipped);
            stock.reserve(request(newOrder(), line(mouse, 4), line(desk, 1)));
        });

        fixture.assertStock(mouse, 2, 8, 0);
        fixture.assertStock(desk, 7, 1, 2);
    }

    @Test
    void a_batch_that_fails_leaves_nothing_behind() {
        String mouse = fixture.product("mouse", 10);
        OrderId order = newOrder();

        assertThatThrownBy(() -> transactions.executeWithoutResult(status -> {
                    stock.reserve(request(order, line(mouse, 4)));
                    throw new IllegalArgumentException("a poisonous record");
                }))
                .hasMessage("a poisonous record");

        fixture.assertStock(mouse, 10, 0, 0);
        assertThat(stock.find(order)).isEmpty();
    }

    @Test
    void of_two_transactions_that_meet_on_a_new_order_one_finds_the_other_when_it_tries_again() throws Exception {
        String mouse = fixture.product("mouse", 10);
        OrderId order = newOrder();

        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThatThrownBy(() -> transactions.executeWithoutResult(status -> {
                        stock.reserve(request(order, line(mouse, 4)));
                        await(other.submit(() -> stock.release(order)));
                    }))
                    .isInstanceOf(ConcurrencyFailureException.class);
        }

        assertThat(stock.reserve(request(order, line(mouse, 4)))).isInstanceOf(ReserveResult.Released.class);
        fixture.assertStock(mouse, 10, 0, 0);
    }

    private static <T> List<T> allAtOnce(List<? extends Callable<? extends T>> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<? extends T>> futures = new ArrayList<>();
            work.forEach(callable -> futures.add(threads.submit(callable)));
            List<T> results = new ArrayList<>();
            for (Future<? extends T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError("The other transaction failed", e);
        }
    }
}
