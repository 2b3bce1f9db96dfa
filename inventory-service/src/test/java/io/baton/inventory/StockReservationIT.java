package io.baton.inventory;

import static io.baton.inventory.Fixture.line;
import static io.baton.inventory.Fixture.newOrder;
import static io.baton.inventory.Fixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.contract.OrderId;
import io.baton.inventory.Reservation.Status;
import io.baton.inventory.ReserveResult.Held;
import io.baton.inventory.ReserveResult.OutOfStock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@InventoryTest
class StockReservationIT {

    @Autowired
    StockReservation stock;

    @Autowired
    Catalogue catalogue;

    @Autowired
    JdbcClient jdbc;

    Fixture fixture;

    @BeforeEach
    void useOwnProducts() {
        fixture = new Fixture(catalogue);
    }

    @Test
    void all_lines_of_an_order_are_held() {
        String mouse = fixture.product("mouse", 10);
        String desk = fixture.product("desk", 3);
        OrderId order = newOrder();

        assertThat(stock.reserve(request(order, line(mouse, 4), line(desk, 3)))).isInstanceOf(Held.class);

        fixture.assertStock(mouse, 6, 4, 0);
        fixture.assertStock(desk, 0, 3, 0);
        assertThat(jdbc.sql("select lines::text from reservation where order_id = ?")
                        .param(order.value())
                        .query(String.class)
                        .single())
                .contains("\"quantity\": 3", "\"sku\": \"" + desk + "\"");
    }

    @Test
    void nothing_is_held_when_one_line_is_short() {
        String mouse = fixture.product("mouse", 10);
        String desk = fixture.product("desk", 3);

        assertThat(stock.reserve(request(newOrder(), line(mouse, 4), line(desk, 4))))
                .isEqualTo(new OutOfStock("Only 3 of " + desk + " are available, but 4 were asked for"));

        fixture.assertStock(mouse, 10, 0, 0);
        fixture.assertStock(desk, 3, 0, 0);
    }

    @Test
    void two_lines_of_one_product_are_counted_together() {
        String mouse = fixture.product("mouse", 10);

        assertThat(stock.reserve(request(newOrder(), line(mouse, 6), line(mouse, 5))))
                .isInstanceOf(OutOfStock.class);
        assertThat(stock.reserve(request(newOrder(), line(mouse, 6), line(mouse, 4))))
                .isInstanceOf(Held.class);

        fixture.assertStock(mouse, 0, 10, 0);
    }

    @Test
    void a_product_that_does_not_exist_is_out_of_stock() {
        assertThat(stock.reserve(request(newOrder(), line("never-made", 1))))
                .isEqualTo(new OutOfStock("There is no product never-made"));
    }

    @Test
    void the_same_order_again_holds_nothing_more() {
        String mouse = fixture.product("mouse", 10);
        ReservationRequest request = request(newOrder(), line(mouse, 4));
        assertThat(stock.reserve(request)).isInstanceOfSatisfying(Held.class, held -> assertThat(held.first())
                .isTrue());

        assertThat(stock.reserve(request)).isInstanceOfSatisfying(Held.class, held -> assertThat(held.first())
                .isFalse());

        fixture.assertStock(mouse, 6, 4, 0);
    }

    @Test
    void an_order_that_asks_for_other_goods_keeps_the_first_ones() {
        String mouse = fixture.product("mouse", 10);
        OrderId order = newOrder();
        stock.reserve(request(order, line(mouse, 4)));

        assertThat(stock.reserve(request(order, line(mouse, 5)))).isInstanceOf(ReserveResult.Different.class);

        fixture.assertStock(mouse, 6, 4, 0);
    }

    @Test
    void a_refusal_stays_one_when_goods_come_in() {
        String mouse = fixture.product("mouse", 1);
        ReservationRequest request = request(newOrder(), line(mouse, 2));
        ReserveResult first = stock.reserve(request);
        catalogue.receive(mouse, 100);

        assertThat(stock.reserve(request)).isEqualTo(first).isInstanceOf(OutOfStock.class);

        fixture.assertStock(mouse, 101, 0, 0);
    }

    @Test
    void a_release_makes_everything_available_again_once() {
        String mouse = fixture.product("mouse", 10);
        String desk = fixture.product("desk", 3);
        OrderId order = newOrder();
        stock.reserve(request(order, line(mouse, 4), line(desk, 3)));

        assertThat(stock.release(order)).isInstanceOf(ReleaseResult.Released.class);
        assertThat(stock.release(order)).isInstanceOf(ReleaseResult.Released.class);

        fixture.assertStock(mouse, 10, 0, 0);
        fixture.assertStock(desk, 3, 0, 0);
    }

    @Test
    void a_release_that_overtakes_its_reservation_wins() {
        String mouse = fixture.product("mouse", 10);
        OrderId order = newOrder();
        assertThat(stock.release(order)).isInstanceOf(ReleaseResult.Released.class);

        assertThat(stock.reserve(request(order, line(mouse, 1)))).isInstanceOf(ReserveResult.Released.class);

        fixture.assertStock(mouse, 10, 0, 0);
    }

    @Test
    void a_refused_order_has_nothing_to_release() {
        String mouse = fixture.product("mouse", 1);
        OrderId order = newOrder();
        stock.reserve(request(order, line(mouse, 2)));

        assertThat(stock.release(order)).isInstanceOf(ReleaseResult.Released.class);

        fixture.assertStock(mouse, 1, 0, 0);
        assertThat(status(order)).isEqualTo(Status.REFUSED);
    }

    @Test
    void a_completed_order_ships_what_it_holds_once() {
        String mouse = fixture.product("mouse", 10);
        OrderId order = newOrder();
        stock.reserve(request(order, line(mouse, 4)));

        assertThat(stock.ship(order)).isTrue();
        assertThat(stock.ship(order)).isFalse();

        fixture.assertStock(mouse, 6, 0, 4);
        assertThat(status(order)).isEqualTo(Status.SHIPPED);
    }

    @Test
    void an_order_that_holds_nothing_ships_nothing() {
        String mouse = fixture.product("mouse", 10);
        OrderId released = newOrder();
        stock.reserve(request(released, line(mouse, 4)));
        stock.release(released);

        assertThat(stock.ship(released)).isFalse();
        OrderId unknown = newOrder();
        assertThat(stock.ship(unknown)).isFalse();

        fixture.assertStock(mouse, 10, 0, 0);
        assertThat(stock.find(unknown)).isEmpty();
    }

    @Test
    void shipped_goods_do_not_come_back() {
        String mouse = fixture.product("mouse", 10);
        ReservationRequest request = request(newOrder(), line(mouse, 4));
        stock.reserve(request);
        stock.ship(request.orderId());

        assertThat(stock.release(request.orderId())).isInstanceOf(ReleaseResult.AlreadyShipped.class);
        assertThat(stock.reserve(request)).isInstanceOf(Held.class);

        fixture.assertStock(mouse, 6, 0, 4);
    }

    @Test
    void what_a_completed_order_took_is_taken_back_once() {
        String mouse = fixture.product("mouse", 10);
        String desk = fixture.product("desk", 3);
        OrderId order = newOrder();
        stock.reserve(request(order, line(mouse, 4), line(desk, 3)));
        stock.ship(order);

        stock.takeBack(order);
        stock.takeBack(order);

        fixture.assertStock(mouse, 10, 0, 0);
        fixture.assertStock(desk, 3, 0, 0);
        assertThat(status(order)).isEqualTo(Status.RELEASED);
        assertThat(stock.ship(order)).isFalse();
        fixture.assertStock(mouse, 10, 0, 0);
    }

    @Test
    void what_is_taken_back_before_it_shipped_never_ships() {
        String mouse = fixture.product("mouse", 10);
        OrderId order = newOrder();
        stock.reserve(request(order, line(mouse, 4)));

        stock.takeBack(order);

        assertThat(stock.ship(order)).isFalse();
        fixture.assertStock(mouse, 10, 0, 0);
        assertThat(status(order)).isEqualTo(Status.RELEASED);
    }

    @Test
    void an_order_that_took_nothing_has_nothing_to_give_back() {
        String mouse = fixture.product("mouse", 1);
        OrderId refused = newOrder();
        stock.reserve(request(refused, line(mouse, 2)));
        OrderId released = newOrder();
        stock.reserve(request(released, line(mouse, 1)));
        stock.release(released);
        OrderId unknown = newOrder();

        stock.takeBack(refused);
        stock.takeBack(released);
        stock.takeBack(unknown);

        assertThat(status(refused)).isEqualTo(Status.REFUSED);
        assertThat(stock.reserve(request(unknown, line(mouse, 1)))).isInstanceOf(ReserveResult.Released.class);
        fixture.assertStock(mouse, 1, 0, 0);
    }

    @Test
    void the_database_itself_keeps_stock_from_becoming_negative() {
        String mouse = fixture.product("mouse", 10);

        for (String column : new String[] {"available", "reserved", "shipped"}) {
            assertThatThrownBy(() -> jdbc.sql("update product set " + column + " = -1 where sku = ?")
                            .param(mouse)
                            .update())
                    .hasMessageContaining("product_" + column + "_check");
        }
    }

    private Status status(OrderId order) {
        return stock.find(order).orElseThrow().status();
    }
}
