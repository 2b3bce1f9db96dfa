package io.baton.messaging;

import io.baton.contract.CommandFailed;
import io.baton.messaging.Outcomes.Remembered;
import java.util.List;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Answers pending commands: remembers the outcome and says the reply through the outbox, in one transaction. */
final class RememberingLateAnswers implements LateAnswers {

    private final Outcomes outcomes;
    private final Replies replies;
    private final MessageCodec codec;
    private final TransactionalOutbox outbox;

    RememberingLateAnswers(Outcomes outcomes, Replies replies, MessageCodec codec, TransactionalOutbox outbox) {
        this.outcomes = outcomes;
        this.replies = replies;
        this.codec = codec;
        this.outbox = outbox;
    }

    @Override
    public void answer(CommandKey key, Answer answer) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("Expected an open transaction for the answer to " + key);
        }
        Remembered pending = outcomes.lock(key);
        if (pending == null) {
            throw new IllegalStateException("Expected " + key + " to be pending but it is not known here");
        }
        if (pending.status() != OutcomeStatus.PENDING) {
            return;
        }
        if (answer instanceof Answer.Later) {
            throw new IllegalArgumentException("Expected an answer to " + key + " but got Later");
        }
        OutcomeStatus status = OutcomeStatus.afterWaiting(answer, key.direction(), () -> isCompensated(key));
        if (status == null) {
            forget(pending, Replies.failure(answer));
        } else if (status == OutcomeStatus.TOMBSTONE) {
            conclude(pending, status, CommandReceiver.CANCELLED);
        } else {
            conclude(pending, status, Replies.body(answer));
        }
    }

    private void conclude(Remembered pending, OutcomeStatus status, Record body) {
        String type = codec.typeOf(body.getClass()).name();
        byte[] bytes = codec.encodeBody(body);
        outcomes.answer(pending.key(), status, type, bytes);
        Remembered answered = new Remembered(
                pending.key(), status, pending.attempt(), pending.replyKey(), type, bytes, pending.traceParent());
        outbox.sendEncoded(replies.of(answered, pending.attempt(), null, pending.traceParent()));
    }

    private void forget(Remembered pending, CommandFailed failure) {
        outcomes.forget(pending.key());
        outbox.sendEncoded(replies.failed(
                pending.key(), pending.attempt(), pending.replyKey(), failure, null, pending.traceParent()));
    }

    private boolean isCompensated(CommandKey action) {
        CommandKey compensation = new CommandKey(action.sagaId(), action.step(), Direction.COMPENSATION);
        return !outcomes.find(List.of(compensation)).isEmpty();
    }
}
