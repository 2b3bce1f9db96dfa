package io.baton.messaging;

import io.micrometer.tracing.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The outbox: inside a batch it adds to the batch's output, elsewhere it writes one row as the transaction commits and
 * hands the messages to the relay afterwards.
 */
final class TransactionalOutbox implements Outbox {

    private final MessageCodec codec;
    private final OutboxRows rows;
    private final BiConsumer<Long, List<EncodedMessage>> relay;
    private final @Nullable Tracer tracer;

    TransactionalOutbox(
            MessageCodec codec,
            OutboxRows rows,
            BiConsumer<Long, List<EncodedMessage>> relay,
            @Nullable Tracer tracer) {
        this.codec = codec;
        this.rows = rows;
        this.relay = relay;
        this.tracer = tracer;
    }

    @Override
    public void send(List<OutgoingMessage> messages) {
        requireTransaction();
        CollectedOutput batch = CollectedOutput.current();
        if (batch != null) {
            batch.sendFromHandler(messages);
            return;
        }
        String traceParent = MessageTraces.current(tracer);
        Flush flush = flush();
        for (OutgoingMessage message : messages) {
            flush.messages.add(codec.encode(message, traceParent));
        }
    }

    /** Says a message that is encoded already; not inside a batch. */
    void sendEncoded(EncodedMessage message) {
        requireTransaction();
        if (CollectedOutput.current() != null) {
            throw new IllegalStateException("Expected no batch to be open: a handler answers by what it returns");
        }
        flush().messages.add(message);
    }

    private static void requireTransaction() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || !TransactionSynchronizationManager.isSynchronizationActive()) {
            throw new IllegalStateException("Expected an open transaction: what is said must commit with what was done");
        }
    }

    /** The row that the open transaction will write. */
    private Flush flush() {
        Flush flush = (Flush) TransactionSynchronizationManager.getResource(this);
        if (flush == null) {
            flush = new Flush();
            TransactionSynchronizationManager.bindResource(this, flush);
            TransactionSynchronizationManager.registerSynchronization(flush);
        } else if (flush.written) {
            throw new IllegalStateException("Expected messages to be said before the transaction's commit begins");
        }
        return flush;
    }

    /** What one transaction has said so far. */
    private final class Flush implements TransactionSynchronization {

        private final List<EncodedMessage> messages = new ArrayList<>();
        private long id;
        private boolean written;

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(TransactionalOutbox.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(TransactionalOutbox.this, this);
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            written = true;
            id = rows.insert(EncodedMessage.pack(messages));
        }

        @Override
        public void afterCommit() {
            relay.accept(id, messages);
        }

        @Override
        public void beforeCompletion() {
            TransactionSynchronizationManager.unbindResource(TransactionalOutbox.this);
        }
    }
}
