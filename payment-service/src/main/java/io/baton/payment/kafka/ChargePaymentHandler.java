package io.baton.payment.kafka;

import io.baton.contract.RefusalCode;
import io.baton.contract.payment.ChargePayment;
import io.baton.contract.payment.PaymentCharged;
import io.baton.contract.payment.PaymentRefused;
import io.baton.messaging.Answer;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;
import io.baton.payment.Asker;
import io.baton.payment.ChargeRequest;
import io.baton.payment.ChargeResult;
import io.baton.payment.PaymentCharging;
import io.baton.payment.PaymentSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Charges for a saga. */
@Component
class ChargePaymentHandler implements CommandHandler<ChargePayment> {

    private final PaymentCharging charging;

    ChargePaymentHandler(PaymentCharging charging) {
        this.charging = charging;
    }

    @Override
    public Class<ChargePayment> commandType() {
        return ChargePayment.class;
    }

    @Override
    public void prepare(List<ChargePayment> commands) {
        charging.announceCharges(
                commands.stream().map(ChargePaymentHandler::request).toList());
    }

    @Override
    public Answer handle(ChargePayment command, CommandContext context) {
        Asker asker = new Asker.Command(context.key().toString());
        return switch (charging.charge(request(command), asker)) {
            case ChargeResult.Charged charged -> Answer.done(
                    new PaymentCharged(command.orderId(), command.orderId().toString()));
            case ChargeResult.Refused(String code, String message) -> refused(command, code, message);
            case ChargeResult.Undecided(var payment, boolean willBeTold) when willBeTold -> Answer.later();
            case ChargeResult.Undecided undecided -> Answer.failed(
                    "PAYMENT_IN_PROGRESS", "Another command waits for the same charge", Duration.ofSeconds(1));
            case ChargeResult.Undone() -> refused(
                    command, RefusalCode.TIMEOUT, "The payment was given back before this came");
            case ChargeResult.Different() -> throw new IllegalStateException(
                    "Order " + command.orderId() + " was charged something else before");
        };
    }

    private static Answer refused(ChargePayment command, String code, String message) {
        return Answer.refused(new PaymentRefused(command.orderId(), code, message));
    }

    private static ChargeRequest request(ChargePayment command) {
        PaymentSource source = switch (command.method()) {
            case WALLET -> new PaymentSource.FromWallet();
            case CARD -> new PaymentSource.FromCard(
                    Objects.requireNonNull(command.cardToken(), "A card is charged by its token"));
        };
        return new ChargeRequest(command.orderId(), command.customerId(), command.amount(), source);
    }
}
