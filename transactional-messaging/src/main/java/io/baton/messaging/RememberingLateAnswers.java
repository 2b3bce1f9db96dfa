package io.baton.messaging;

import io.baton.contract.CommandFailed;
import io.baton.messaging.Outcomes.Remembered;
import io.baton.messaging.Outcomes.Status;
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
        if (pending.status() != Status.PENDING) {
            return;
        }
        switch (answer) {
            case Answer.Done(var outcome) -> conclude(pending, Status.DONE, (Record) outcome);
            case Answer.Refused(var refusal) when key.direction() == Direction.ACTION ->
                conclude(pending, Status.REFUSED, (Record) refusal);
            case Answer.Refused(var refusal) -> fail(pending, new CommandFailed(
                    "COMPENSATION_REFUSED", refusal.code() + ": " + refusal.message(), 0));
            case Answer.Failed(var failure) -> fail(pending, failure);
            case Answer.Later() -> throw new IllegalArgumentException("Expected an answer to " + key + " but got Later");
        }
    }

    private void conclude(Remembered pending, Status status, Record body) {
        String type = codec.typeOf(body.getClass()).name();
        byte[] bytes = codec.encodeBody(body);
        outcomes.answer(pending.key(), status, type, bytes);
        Remembered answered = new Remembered(
                pending.key(), status, pending.attempt(), pending.replyKey(), type, bytes, pending.traceParent());
        outbox.sendEncoded(replies.of(answered, pending.attempt(), null, pending.traceParent()));
    }

    private void fail(Remembered pending, CommandFailed failure) {
        if (isUndone(pending.key())) {
            conclude(pending, Status.TOMBSTONE, CommandReceiver.CANCELLED);
            return;
        }
        outcomes.forget(pending.key());
        outbox.sendEncoded(replies.failed(
                pending.key(), pending.attempt(), pending.replyKey(), failure, null, pending.traceParent()));
    }

    /** Whether the compensation of a pending action was handled meanwhile. Then the action must not be begun again. */
    private boolean isUndone(CommandKey key) {
        CommandKey compensation = new CommandKey(key.sagaId(), key.step(), Direction.COMPENSATION);
        return key.direction() == Direction.ACTION && !outcomes.find(List.of(compensation)).isEmpty();
    }
}
