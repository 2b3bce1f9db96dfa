package io.baton.payment.kafka;

import io.baton.contract.payment.PaymentRefunded;
import io.baton.contract.payment.RefundPayment;
import io.baton.messaging.Answer;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;
import io.baton.payment.Asker;
import io.baton.payment.PaymentCharging;
import io.baton.payment.RefundResult;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;

/** Refunds for a saga. */
@Component
class RefundPaymentHandler implements CommandHandler<RefundPayment> {

    private final PaymentCharging charging;

    RefundPaymentHandler(PaymentCharging charging) {
        this.charging = charging;
    }

    @Override
    public Class<RefundPayment> commandType() {
        return RefundPayment.class;
    }

    @Override
    public void prepare(List<RefundPayment> commands) {
        charging.announceRefunds(
                commands.stream().map(RefundPayment::orderId).toList());
    }

    @Override
    public Answer handle(RefundPayment command, CommandContext context) {
        Asker asker = new Asker.Command(context.key().toString());
        return switch (charging.refund(command.orderId(), asker)) {
            case RefundResult.Refunded refunded -> Answer.done(new PaymentRefunded(command.orderId()));
            case RefundResult.Undecided(var payment, boolean willBeTold) when willBeTold -> Answer.later();
            case RefundResult.Undecided undecided -> Answer.failed(
                    "REFUND_IN_PROGRESS", "Another command waits for the same refund", Duration.ofSeconds(1));
        };
    }
}
