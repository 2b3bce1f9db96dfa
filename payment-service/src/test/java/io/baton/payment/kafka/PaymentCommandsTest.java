package io.baton.payment.kafka;

import static io.baton.payment.Fixture.eur;
import static io.baton.payment.TestGateway.SIMULATOR;
import static io.baton.payment.TestGateway.bookedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.MessageHeaders;
import io.baton.contract.NothingToUndo;
import io.baton.contract.OrderId;
import io.baton.contract.RefusalCode;
import io.baton.contract.SagaId;
import io.baton.contract.Topics;
import io.baton.contract.order.PaymentMethod;
import io.baton.contract.payment.ChargePayment;
import io.baton.contract.payment.PaymentCharged;
import io.baton.contract.payment.PaymentRefunded;
import io.baton.contract.payment.PaymentRefused;
import io.baton.contract.payment.RefundPayment;
import io.baton.lab.simulator.Faults;
import io.baton.messaging.Ids;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.Outbox;
import io.baton.messaging.OutgoingMessage;
import io.baton.payment.Fixture;
import io.baton.payment.Payment.Status;
import io.baton.payment.PaymentTest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** The service as a saga sees it: commands in, replies out, over the real broker. */
@PaymentTest
class PaymentCommandsTest {

    private static final String ACTION = "ACTION";
    private static final String COMPENSATION = "COMPENSATION";

    @Autowired
    private Fixture fixture;

    @Autowired
    private Replies replies;

    @Autowired
    private Outbox outbox;

    @Autowired
    private TransactionTemplate transactions;

    @Autowired
    private Ids ids;

    @Autowired
    private Clock clock;

    @AfterEach
    void heal() {
        SIMULATOR.behave(Faults.NONE);
    }

    @Test
    void a_wallet_is_charged_once_and_every_copy_of_the_command_is_answered() {
        String customer = fixture.customerWith(100);
        OrderId order = fixture.order();
        SagaId saga = saga();
        ChargePayment command = new ChargePayment(order, customer, eur(60), PaymentMethod.WALLET, null);

        send(saga, ACTION, 1, order, command);
        send(saga, ACTION, 2, order, command);

        assertThat(awaitReplies(saga, ACTION, 2))
                .extracting(IncomingMessage::body)
                .containsOnly(new PaymentCharged(order, order.toString()));
        assertThat(fixture.balance(customer)).isEqualTo(40);
        fixture.assertWalletAddsUp(customer);
    }

    @Test
    void too_little_is_refused_with_its_code() {
        OrderId order = fixture.order();
        SagaId saga = saga();

        send(saga, ACTION, 1, order, new ChargePayment(
                order, fixture.customerWith(59), eur(60), PaymentMethod.WALLET, null));

        IncomingMessage reply = awaitReplies(saga, ACTION, 1).getFirst();
        assertThat(reply.header(MessageHeaders.OUTCOME)).isEqualTo("REFUSED");
        assertThat(((PaymentRefused) reply.body()).code()).isEqualTo(RefusalCode.INSUFFICIENT_FUNDS);
    }

    @Test
    void a_refund_gives_a_wallet_its_money_back() {
        String customer = fixture.customerWith(100);
        OrderId order = fixture.order();
        SagaId saga = saga();
        send(saga, ACTION, 1, order, new ChargePayment(order, customer, eur(60), PaymentMethod.WALLET, null));
        send(saga, COMPENSATION, 1, order, new RefundPayment(order));
        send(saga, COMPENSATION, 2, order, new RefundPayment(order));

        assertThat(awaitReplies(saga, COMPENSATION, 2))
                .extracting(IncomingMessage::body)
                .containsOnly(new PaymentRefunded(order));
        assertThat(fixture.balance(customer)).isEqualTo(100);
        fixture.assertWalletAddsUp(customer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tok_ok", "tok_timeout_before_charge", "tok_timeout_after_charge"})
    void a_card_is_answered_when_the_gateway_has_decided(String token) {
        OrderId order = fixture.order();
        SagaId saga = saga();

        send(saga, ACTION, 1, order, byCard(order, token));

        assertThat(awaitReplies(saga, ACTION, 1).getFirst().body())
                .isEqualTo(new PaymentCharged(order, order.toString()));
        fixture.assertBookedInBothLedgers(order, "CAPTURE");
        assertThat(bookedFor(order).getFirst().idempotencyKey()).isEqualTo(saga + "/payment/ACTION");
    }

    @Test
    void a_declined_card_is_refused_with_its_code() {
        OrderId order = fixture.order();
        SagaId saga = saga();

        send(saga, ACTION, 1, order, byCard(order, "tok_declined"));

        assertThat(((PaymentRefused) awaitReplies(saga, ACTION, 1).getFirst().body()).code())
                .isEqualTo(RefusalCode.CARD_DECLINED);
    }

    @Test
    void a_refund_that_comes_while_the_charge_is_undecided_is_answered_after_both_are_booked() {
        SIMULATOR.behave(new Faults(0, 0, 0, 1, false));
        OrderId order = fixture.order();
        SagaId saga = saga();
        send(saga, ACTION, 1, order, byCard(order, "tok_ok"));
        await().until(() -> bookedFor(order).size() == 1);
        send(saga, COMPENSATION, 1, order, new RefundPayment(order));
        fixture.awaitStatus(order, Status.REFUNDING);
        assertThat(replies.to(saga.toString(), ACTION)).isEmpty();

        SIMULATOR.behave(Faults.NONE);

        assertThat(awaitReplies(saga, COMPENSATION, 1).getFirst().body()).isEqualTo(new PaymentRefunded(order));
        assertThat(awaitReplies(saga, ACTION, 1).getFirst().body()).isInstanceOf(PaymentCharged.class);
        fixture.assertBookedInBothLedgers(order, "CAPTURE", "REFUND");
        assertThat(bookedFor(order).getLast().idempotencyKey()).isEqualTo(saga + "/payment/COMPENSATION");
    }

    @Test
    void a_refund_of_a_declined_card_has_nothing_to_undo() {
        OrderId order = fixture.order();
        SagaId saga = saga();
        send(saga, ACTION, 1, order, byCard(order, "tok_declined"));
        awaitReplies(saga, ACTION, 1);

        send(saga, COMPENSATION, 1, order, new RefundPayment(order));

        assertThat(awaitReplies(saga, COMPENSATION, 1).getFirst().body())
                .isInstanceOf(NothingToUndo.class);
    }

    @Test
    void another_saga_may_refund_as_its_own_action_what_was_charged_to_a_wallet() {
        String customer = fixture.customerWith(100);
        OrderId order = fixture.order();
        send(saga(), ACTION, 1, order, new ChargePayment(order, customer, eur(60), PaymentMethod.WALLET, null));
        SagaId cancellation = saga();

        send(cancellation, ACTION, 1, order, new RefundPayment(order));
        send(cancellation, ACTION, 2, order, new RefundPayment(order));

        assertThat(awaitReplies(cancellation, ACTION, 2))
                .extracting(IncomingMessage::body)
                .containsOnly(new PaymentRefunded(order));
        assertThat(fixture.balance(customer)).isEqualTo(100);
        fixture.assertWalletAddsUp(customer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tok_ok", "tok_timeout_after_charge"})
    void another_saga_may_refund_as_its_own_action_what_was_charged_to_a_card(String token) {
        OrderId order = fixture.order();
        SagaId fulfilment = saga();
        send(fulfilment, ACTION, 1, order, byCard(order, token));
        awaitReplies(fulfilment, ACTION, 1);
        SagaId cancellation = saga();

        send(cancellation, ACTION, 1, order, new RefundPayment(order));

        assertThat(awaitReplies(cancellation, ACTION, 1).getFirst().body()).isEqualTo(new PaymentRefunded(order));
        fixture.assertBookedInBothLedgers(order, "CAPTURE", "REFUND");
        assertThat(bookedFor(order).getLast().idempotencyKey()).isEqualTo(cancellation + "/payment/ACTION");
    }

    @Test
    void a_compensation_and_a_cancellation_that_meet_refund_a_wallet_once() {
        String customer = fixture.customerWith(100);
        OrderId order = fixture.order();
        SagaId fulfilment = saga();
        SagaId cancellation = saga();
        send(fulfilment, ACTION, 1, order, new ChargePayment(order, customer, eur(60), PaymentMethod.WALLET, null));
        send(fulfilment, COMPENSATION, 1, order, new RefundPayment(order));
        send(cancellation, ACTION, 1, order, new RefundPayment(order));

        assertThat(awaitReplies(fulfilment, COMPENSATION, 1).getFirst().body()).isEqualTo(new PaymentRefunded(order));
        assertThat(awaitReplies(cancellation, ACTION, 1).getFirst().body()).isEqualTo(new PaymentRefunded(order));
        assertThat(fixture.balance(customer)).isEqualTo(100);
        fixture.assertWalletAddsUp(customer);
    }

    @Test
    void a_compensation_and_a_cancellation_that_meet_refund_a_card_once() {
        OrderId order = fixture.order();
        SagaId fulfilment = saga();
        SagaId cancellation = saga();
        send(fulfilment, ACTION, 1, order, byCard(order, "tok_ok"));
        awaitReplies(fulfilment, ACTION, 1);
        SIMULATOR.behave(new Faults(0, 0, 0, 0, true));
        send(fulfilment, COMPENSATION, 1, order, new RefundPayment(order));
        send(cancellation, ACTION, 1, order, new RefundPayment(order));
        assertThat(awaitReplies(cancellation, ACTION, 1).getFirst().header(MessageHeaders.OUTCOME))
                .isEqualTo("FAILED");

        SIMULATOR.behave(Faults.NONE);

        assertThat(awaitReplies(fulfilment, COMPENSATION, 1).getFirst().body()).isEqualTo(new PaymentRefunded(order));
        send(cancellation, ACTION, 2, order, new RefundPayment(order));
        assertThat(awaitReplies(cancellation, ACTION, 2).getLast().body()).isEqualTo(new PaymentRefunded(order));
        fixture.assertBookedInBothLedgers(order, "CAPTURE", "REFUND");
    }

    private static ChargePayment byCard(OrderId order, String token) {
        return new ChargePayment(order, Fixture.customer(), eur(4999), PaymentMethod.CARD, token);
    }

    private SagaId saga() {
        return ids.nextSagaId(clock.instant());
    }

    private void send(SagaId saga, String direction, int attempt, OrderId order, Record command) {
        Map<String, String> headers = Map.of(
                MessageHeaders.SAGA_ID, saga.toString(),
                MessageHeaders.STEP, "payment",
                MessageHeaders.DIRECTION, direction,
                MessageHeaders.ATTEMPT, Integer.toString(attempt),
                MessageHeaders.EXPIRY_TIME, clock.instant().plusSeconds(3600).toString());
        String id = saga + "/" + direction + "/" + attempt;
        transactions.executeWithoutResult(status -> outbox.send(
                new OutgoingMessage(Topics.PAYMENT_COMMANDS, order.toString(), id, command, headers)));
    }

    private List<IncomingMessage> awaitReplies(SagaId saga, String direction, int count) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(replies.to(saga.toString(), direction)).hasSizeGreaterThanOrEqualTo(count));
        return replies.to(saga.toString(), direction);
    }
}
