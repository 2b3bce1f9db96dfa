package io.baton.payment.kafka;

import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.payment.PaymentCharged;
import io.baton.contract.payment.PaymentRefunded;
import io.baton.contract.payment.PaymentRefused;
import io.baton.messaging.Answer;
import io.baton.messaging.CommandKey;
import io.baton.messaging.Direction;
import io.baton.messaging.LateAnswers;
import io.baton.payment.WaitingCommands;
import org.springframework.stereotype.Component;

/** Answers the commands that had to wait for the gateway. */
@Component
class LateReplies implements WaitingCommands {

    private final LateAnswers answers;

    LateReplies(LateAnswers answers) {
        this.answers = answers;
    }

    @Override
    public void charged(String command, OrderId orderId) {
        answers.answer(key(command), Answer.done(new PaymentCharged(orderId, orderId.toString())));
    }

    @Override
    public void refused(String command, OrderId orderId, String code, String message) {
        answers.answer(key(command), Answer.refused(new PaymentRefused(orderId, code, message)));
    }

    @Override
    public void refunded(String command, OrderId orderId) {
        answers.answer(key(command), Answer.done(new PaymentRefunded(orderId)));
    }

    /** Reads what {@link CommandKey#toString} writes: a saga id and a direction have no slash, a step may. */
    static CommandKey key(String command) {
        int first = command.indexOf('/');
        int last = command.lastIndexOf('/');
        return new CommandKey(
                SagaId.parse(command.substring(0, first)),
                command.substring(first + 1, last),
                Direction.valueOf(command.substring(last + 1)));
    }
}
