package io.baton.inventory.kafka;

import static io.baton.inventory.Fixture.newOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.NothingToUndo;
import io.baton.contract.OrderId;
import io.baton.contract.RefusalCode;
import io.baton.contract.inventory.ReleaseStock;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.inventory.ReturnStock;
import io.baton.contract.inventory.StockRefused;
import io.baton.contract.inventory.StockReleased;
import io.baton.contract.inventory.StockReserved;
import io.baton.contract.inventory.StockReturned;
import io.baton.contract.order.OrderCompleted;
import io.baton.contract.order.OrderLine;
import io.baton.inventory.Catalogue;
import io.baton.inventory.Fixture;
import io.baton.inventory.InventoryTest;
import io.baton.inventory.Reservation;
import io.baton.inventory.ReservationRequest;
import io.baton.inventory.StockLine;
import io.baton.inventory.StockReservation;
import io.baton.messaging.OutgoingMessage;
import io.baton.messaging.test.Answers;
import io.baton.messaging.test.ParticipantKit;
import io.baton.messaging.test.ParticipantKit.PlayedSaga;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** What a saga gets to hear, and what happens to the stock, when messages come twice, late and in the wrong order. */
@InventoryTest
class StockParticipantIT {

    private static final String STEP = "inventory";

    @Autowired
    ApplicationContext application;

    @Autowired
    StockReservation stock;

    @Autowired
    Catalogue catalogue;

    ParticipantKit kit;
    Fixture fixture;

    @BeforeEach
    void playTheSaga() {
        kit = ParticipantKit.of(application);
        fixture = new Fixture(catalogue);
    }

    @Test
    void the_same_reservation_again_and_again_takes_effect_once() {
        String mouse = fixture.product("mouse", 10);
        OrderId order = newOrder();
        OutgoingMessage reserve = reserve(ParticipantKit.saga(order), mouse, 4);

        Answers answers = kit.deliver(reserve).duplicated(2).resent(1).answers();

        assertThat(answers.replies()).hasSize(6);
        assertThat(answers.to(reserve)).isEqualTo(new StockReserved(order));
        fixture.assertStock(mouse, 6, 4, 0);
    }

    @Test
    void a_reservation_that_finds_too_little_is_refused_with_the_reason() {
        String mouse = fixture.product("mouse", 3);
        OrderId order = newOrder();
        OutgoingMessage reserve = reserve(ParticipantKit.saga(order), mouse, 4);

        Answers answers = kit.deliver(reserve).duplicated(1).answers();

        assertThat(answers.outcomeOf(reserve)).isEqualTo("REFUSED");
        assertThat(answers.to(reserve))
                .isEqualTo(new StockRefused(
                        order,
                        RefusalCode.OUT_OF_STOCK,
                        "Only 3 of " + mouse + " are available, but 4 were asked for"));
        fixture.assertStock(mouse, 3, 0, 0);
    }

    @Test
    void a_product_that_does_not_exist_is_out_of_stock() {
        OutgoingMessage reserve = reserve(ParticipantKit.saga(newOrder()), "never-made", 1);

        assertThat(kit.deliver(reserve).answers().to(reserve))
                .isInstanceOfSatisfying(StockRefused.class, refused -> {
                    assertThat(refused.code()).isEqualTo(RefusalCode.OUT_OF_STOCK);
                    assertThat(refused.message()).isEqualTo("There is no product never-made");
                });
    }

    @Test
    void a_release_gives_the_stock_back() {
        String mouse = fixture.product("mouse", 10);
        PlayedSaga saga = ParticipantKit.saga(newOrder());
        OutgoingMessage release = saga.compensation(STEP, new ReleaseStock(saga.order()));

        Answers answers = kit.deliver(reserve(saga, mouse, 4), release).duplicated(1).answers();

        assertThat(answers.to(release)).isEqualTo(new StockReleased(saga.order()));
        fixture.assertStock(mouse, 10, 0, 0);
    }

    @Test
    void a_release_that_overtakes_its_reservation_wins() {
        String mouse = fixture.product("mouse", 10);
        PlayedSaga saga = ParticipantKit.saga(newOrder());
        OutgoingMessage reserve = reserve(saga, mouse, 4);
        OutgoingMessage release = saga.compensation(STEP, new ReleaseStock(saga.order()));

        Answers answers = kit.deliver(release, reserve).answers();

        assertThat(answers.to(release)).isEqualTo(new NothingToUndo());
        assertThat(answers.outcomeOf(reserve)).isEqualTo("REFUSED");
        fixture.assertStock(mouse, 10, 0, 0);
    }

    @Test
    void a_release_over_http_that_overtakes_the_command_wins_too() {
        String mouse = fixture.product("mouse", 10);
        OrderId order = newOrder();
        stock.release(order);
        OutgoingMessage reserve = reserve(ParticipantKit.saga(order), mouse, 4);

        assertThat(kit.deliver(reserve).answers().outcomeOf(reserve)).isEqualTo("REFUSED");
        fixture.assertStock(mouse, 10, 0, 0);
    }

    @Test
    void what_was_reserved_over_http_is_not_reserved_again_by_a_command() {
        String mouse = fixture.product("mouse", 10);
        OrderId order = newOrder();
        stock.reserve(new ReservationRequest(order, List.of(new StockLine(mouse, 4))));
        OutgoingMessage reserve = reserve(ParticipantKit.saga(order), mouse, 4);

        assertThat(kit.deliver(reserve).answers().to(reserve)).isEqualTo(new StockReserved(order));
        fixture.assertStock(mouse, 6, 4, 0);
    }

    @Test
    void a_completed_order_ships_once_however_often_it_is_told() {
        String mouse = fixture.product("mouse", 10);
        PlayedSaga saga = ParticipantKit.saga(newOrder());
        OutgoingMessage completed = completed(saga.order());

        kit.deliver(reserve(saga, mouse, 4), completed).duplicated(2).answers();

        fixture.assertStock(mouse, 6, 0, 4);
    }

    @Test
    void a_completed_order_that_never_reserved_here_changes_nothing() {
        OrderId order = newOrder();

        kit.deliver(completed(order)).answers();

        assertThat(stock.find(order)).isEmpty();
    }

    @Test
    void shipped_goods_make_a_release_fail_so_that_a_person_hears_of_it() {
        String mouse = fixture.product("mouse", 10);
        PlayedSaga saga = ParticipantKit.saga(newOrder());
        kit.deliver(reserve(saga, mouse, 4), completed(saga.order())).answers();
        OutgoingMessage release = saga.compensation(STEP, new ReleaseStock(saga.order()));

        assertThat(kit.deliver(release).answers().outcomeOf(release)).isEqualTo("FAILED");
        fixture.assertStock(mouse, 6, 0, 4);
    }

    @Test
    void what_a_completed_order_took_comes_back_once() {
        String mouse = fixture.product("mouse", 10);
        PlayedSaga saga = ParticipantKit.saga(newOrder());
        kit.deliver(reserve(saga, mouse, 4), completed(saga.order())).answers();
        fixture.assertStock(mouse, 6, 0, 4);
        OutgoingMessage takeBack = takeBack(saga.order());

        Answers answers = kit.deliver(takeBack).duplicated(2).resent(1).inBatchesOf(2).crashingBeforeCommit().answers();

        assertThat(answers.to(takeBack)).isEqualTo(new StockReturned(saga.order()));
        fixture.assertStock(mouse, 10, 0, 0);
        kit.deliver(completed(saga.order()), takeBack(saga.order())).answers();
        fixture.assertStock(mouse, 10, 0, 0);
    }

    @Test
    void goods_come_back_before_anybody_heard_that_the_order_is_completed() {
        String mouse = fixture.product("mouse", 10);
        PlayedSaga saga = ParticipantKit.saga(newOrder());
        OutgoingMessage takeBack = takeBack(saga.order());

        Answers answers = kit.deliver(reserve(saga, mouse, 4), takeBack, completed(saga.order()))
                .duplicated(1)
                .inBatchesOf(1)
                .answers();

        assertThat(answers.to(takeBack)).isEqualTo(new StockReturned(saga.order()));
        fixture.assertStock(mouse, 10, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatever_comes_in_whatever_order_stock_adds_up_and_fits_the_reservations(long seed) {
        String mouse = fixture.product("mouse", 25);
        String desk = fixture.product("desk", 25);
        List<OrderId> orders = new ArrayList<>();
        List<OutgoingMessage> messages = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            PlayedSaga saga = ParticipantKit.saga(newOrder());
            orders.add(saga.order());
            List<OrderLine> lines = List.of(new OrderLine(i % 2 == 0 ? mouse : desk, 2), new OrderLine(mouse, 1));
            messages.add(saga.action(STEP, new ReserveStock(saga.order(), lines)));
            switch (i % 4) {
                case 0 -> messages.add(saga.compensation(STEP, new ReleaseStock(saga.order())));
                case 1 -> messages.add(completed(saga.order()));
                case 2 -> {
                    messages.add(completed(saga.order()));
                    messages.add(takeBack(saga.order()));
                }
                default -> {}
            }
        }

        kit.deliver(messages.toArray(OutgoingMessage[]::new))
                .duplicated(1)
                .resent(1)
                .shuffled(seed)
                .inBatchesOf(17)
                .crashingBeforeCommit()
                .answers();

        assertStockFitsReservations(mouse, 25, orders);
        assertStockFitsReservations(desk, 25, orders);
    }

    private void assertStockFitsReservations(String sku, long received, List<OrderId> orders) {
        long reserved = 0;
        long shipped = 0;
        for (OrderId order : orders) {
            for (Reservation reservation : stock.find(order).stream().toList()) {
                long quantity = reservation.lines().stream()
                        .filter(line -> line.sku().equals(sku))
                        .mapToLong(StockLine::quantity)
                        .sum();
                switch (reservation.status()) {
                    case HELD -> reserved += quantity;
                    case SHIPPED -> shipped += quantity;
                    case RELEASED, REFUSED -> {}
                }
            }
        }
        fixture.assertStock(sku, received - reserved - shipped, reserved, shipped);
    }

    private static OutgoingMessage reserve(PlayedSaga saga, String sku, int quantity) {
        return saga.action(STEP, new ReserveStock(saga.order(), List.of(new OrderLine(sku, quantity))));
    }

    /** By the saga that undoes the completed order, which is another than the one that reserved. */
    private static OutgoingMessage takeBack(OrderId order) {
        return ParticipantKit.saga(order).action(STEP, new ReturnStock(order));
    }

    private static OutgoingMessage completed(OrderId order) {
        return ParticipantKit.event(order.toString(), new OrderCompleted(order));
    }
}
