package io.baton.messaging.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.contract.CommandRefused;
import io.baton.contract.Money;
import io.baton.contract.NothingToUndo;
import io.baton.contract.OrderId;
import io.baton.contract.inventory.ProductChanged;
import io.baton.contract.inventory.ReleaseStock;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.inventory.StockRefused;
import io.baton.contract.inventory.StockReleased;
import io.baton.contract.inventory.StockReserved;
import io.baton.contract.order.CompleteOrder;
import io.baton.contract.order.OrderLine;
import io.baton.messaging.Answer;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;
import io.baton.messaging.EventHandler;
import io.baton.messaging.Outbox;
import io.baton.messaging.OutgoingMessage;
import io.baton.messaging.test.ParticipantKit.PlayedSaga;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** The kit on a participant that keeps one row for each order. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {"spring.application.name=stock-keeper", "spring.flyway.locations=classpath:db/stock-keeper"})
@RealServers(database = "kit")
class ParticipantKitIT {

    private static final AtomicLong ORDERS = new AtomicLong();

    @Autowired
    ApplicationContext application;

    @Autowired
    JdbcTemplate jdbc;

    private ParticipantKit kit;
    private OrderId order;
    private PlayedSaga saga;
    private OutgoingMessage reserve;
    private OutgoingMessage release;

    @BeforeEach
    void begin() {
        kit = ParticipantKit.of(application);
        order = new OrderId(ORDERS.incrementAndGet());
        saga = ParticipantKit.saga(order);
        reserve = saga.action("inventory", new ReserveStock(order, List.of(new OrderLine("KEYBOARD", 2))));
        release = saga.compensation("inventory", new ReleaseStock(order));
    }

    @Test
    void a_command_takes_effect_and_is_answered() {
        Answers answers = kit.deliver(reserve).answers();
        assertThat(answers.to(reserve)).isEqualTo(new StockReserved(order));
        assertThat(answers.outcomeOf(reserve)).isEqualTo("DONE");
        assertThat(effects()).containsExactly("reserve");
    }

    @Test
    void copies_and_new_attempts_have_no_further_effect_and_the_same_answer() {
        Answers answers = kit.deliver(reserve, release)
                .duplicated(2)
                .resent(1)
                .inBatchesOf(3)
                .crashingBeforeCommit()
                .answers();
        assertThat(answers.replies()).hasSize(12);
        assertThat(answers.to(release)).isEqualTo(new StockReleased(order));
        assertThat(answers.to(reserve)).isEqualTo(new StockReserved(order));
        assertThat(effects()).containsExactly("reserve", "release");
    }

    @Test
    void what_was_committed_before_a_crash_is_said_after_it() {
        Answers answers = kit.deliver(reserve, release).crashingAfterCommit().answers();
        assertThat(answers.replies()).hasSize(2);
        assertThat(answers.events()).hasSize(1);
        assertThat(effects()).containsExactly("reserve", "release");
    }

    @Test
    void a_process_that_stood_still_has_no_part_in_what_its_successor_did() {
        Answers answers = kit.deliver(reserve, release).standingStill().answers();
        assertThat(answers.replies()).hasSize(2);
        assertThat(effects()).containsExactly("reserve", "release");
    }

    @Test
    void a_compensation_that_overtakes_its_action_wins() {
        Answers answers = kit.deliver(release, reserve).answers();
        assertThat(answers.to(release)).isEqualTo(new NothingToUndo());
        assertThat(answers.to(reserve)).isInstanceOf(CommandRefused.class);
        assertThat(effects()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void in_any_order_an_effect_is_undone_or_was_never_there(long seed) {
        kit.deliver(reserve, release).duplicated(1).resent(2).shuffled(seed).inBatchesOf(2).answers();
        assertThat(effects()).isIn(List.of(), List.of("reserve", "release"));
    }

    @Test
    void an_expired_command_fails_and_is_carried_out_when_it_is_sent_anew() {
        Answers answers = kit.deliver(ParticipantKit.expired(reserve)).answers();
        assertThat(answers.outcomeOf(reserve)).isEqualTo("FAILED");
        assertThat(effects()).isEmpty();

        kit.deliver(reserve).answers();
        assertThat(effects()).containsExactly("reserve");
    }

    @Test
    void what_a_handler_says_beside_its_answer_is_kept_too() {
        Answers answers = kit.deliver(reserve).answers();
        assertThat(answers.events()).containsExactly(new ProductChanged("KEYBOARD", "k", new Money(1, "EUR"), 1));
    }

    @Test
    void events_are_heard() {
        kit.deliver(ParticipantKit.event("KEYBOARD", new ProductChanged("KEYBOARD", "k", new Money(7, "EUR"), 2)))
                .answers();
        assertThat(jdbc.queryForList("SELECT effect FROM effect WHERE order_id = -7", String.class))
                .containsExactly("heard");
    }

    @Test
    void two_different_answers_to_one_command_are_found() {
        Answers.Reply yes = new Answers.Reply(saga.id() + "/inventory/ACTION", 1, "DONE", new StockReserved(order));
        Answers.Reply no = new Answers.Reply(
                saga.id() + "/inventory/ACTION", 2, "REFUSED", new StockRefused(order, "OUT_OF_STOCK", "No."));
        assertThatThrownBy(() -> new Answers(List.of(yes, no), List.of()).to(reserve))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> new Answers(List.of(), List.of()).to(reserve)).isInstanceOf(AssertionError.class);
    }

    @Test
    void a_message_that_becomes_a_dead_letter_is_found() {
        OutgoingMessage poison = saga.action("inventory", new ReserveStock(order, List.of()));
        assertThatThrownBy(() -> kit.deliver(poison).answers()).isInstanceOf(AssertionError.class);
    }

    @Test
    void a_message_that_the_participant_does_not_read_is_refused() {
        OutgoingMessage foreign = saga.action("completion", new CompleteOrder(order));
        assertThatIllegalArgumentException().isThrownBy(() -> kit.deliver(foreign).answers());
    }

    private List<String> effects() {
        return jdbc.queryForList("SELECT effect FROM effect WHERE order_id = ? ORDER BY id", String.class, order.value());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class StockKeeper {

        @Bean
        CommandHandler<ReserveStock> reserving(JdbcTemplate jdbc, Outbox outbox) {
            return new CommandHandler<>() {
                @Override
                public Class<ReserveStock> commandType() {
                    return ReserveStock.class;
                }

                @Override
                public Answer handle(ReserveStock command, CommandContext context) {
                    String sku = command.lines().getFirst().sku();
                    note(jdbc, command.orderId().value(), "reserve");
                    outbox.send(ParticipantKit.event(sku, new ProductChanged(sku, "k", new Money(1, "EUR"), 1)));
                    return Answer.done(new StockReserved(command.orderId()));
                }
            };
        }

        @Bean
        CommandHandler<ReleaseStock> releasing(JdbcTemplate jdbc) {
            return new CommandHandler<>() {
                @Override
                public Class<ReleaseStock> commandType() {
                    return ReleaseStock.class;
                }

                @Override
                public Answer handle(ReleaseStock command, CommandContext context) {
                    note(jdbc, command.orderId().value(), "release");
                    return Answer.done(new StockReleased(command.orderId()));
                }
            };
        }

        @Bean
        EventHandler<ProductChanged> hearing(JdbcTemplate jdbc) {
            return new EventHandler<>() {
                @Override
                public Class<ProductChanged> eventType() {
                    return ProductChanged.class;
                }

                @Override
                public void handle(ProductChanged event) {
                    note(jdbc, -event.price().minorUnits(), "heard");
                }
            };
        }

        private static void note(JdbcTemplate jdbc, long order, String effect) {
            jdbc.update("INSERT INTO effect (order_id, effect) VALUES (?, ?)", order, effect);
        }
    }
}
