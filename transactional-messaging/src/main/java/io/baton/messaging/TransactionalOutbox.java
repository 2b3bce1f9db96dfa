package io.baton.messaging;

import io.micrometer.tracing.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The outbox: inside a batch it adds to the batch's output, elsewhere it writes one row as the transaction commits and
 * hands the messages to the relay afterwards.
 */
final class TransactionalOutbox implements Outbox, Redelivery {

    private static final Logger log = LoggerFactory.getLogger(TransactionalOutbox.class);

    /** The table's ids begin at 1. */
    private static final long NO_ROW = 0;

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

    @Override
    public void send(String topic, byte @Nullable [] key, List<Header> headers, byte @Nullable [] value) {
        sendEncoded(new EncodedMessage(topic, key, headers, value));
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
        if (flush == null || flush.written) {
            TransactionSynchronizationManager.unbindResourceIfPossible(this);
            flush = new Flush();
            TransactionSynchronizationManager.bindResource(this, flush);
            TransactionSynchronizationManager.registerSynchronization(flush);
        }
        return flush;
    }

    /**
     * What one transaction has said so far. What is said while other beans do their last work before the commit has a
     * row of its own, since the first may be written by then.
     */
    private final class Flush implements TransactionSynchronization {

        private final List<EncodedMessage> messages = new ArrayList<>();
        private long id = NO_ROW;
        private boolean written;
        private boolean suspended;
        private boolean handedOn;
        private @Nullable RuntimeException trouble;

        @Override
        public void suspend() {
            suspended = unbind();
        }

        @Override
        public void resume() {
            if (suspended) {
                TransactionSynchronizationManager.bindResource(TransactionalOutbox.this, this);
            }
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            write();
        }

        /**
         * Spring calls {@link #beforeCommit} only on those that were there when it called the first one. Who came later
         * is written here, which is before the commit as well. It may also be before a rollback; then the row goes with
         * all the rest.
         */
        @Override
        public void beforeCompletion() {
            if (!written) {
                try {
                    write();
                } catch (RuntimeException e) {
                    // Thrown, it would only be logged. After a statement that failed the server does not commit.
                    trouble = e;
                }
            }
        }

        private void write() {
            written = true;
            id = rows.insert(EncodedMessage.pack(messages));
        }

        @Override
        public void afterCommit() {
            handOn();
        }

        @Override
        public void afterCompletion(int status) {
            unbind();
            if (status == STATUS_COMMITTED && !handedOn) {
                handOn();
            }
        }

        private void handOn() {
            handedOn = true;
            if (id == NO_ROW) {
                log.error(
                        "{} messages were said when the commit of their transaction had begun, too late to be stored"
                                + " with it. They are sent, but a crash now loses them: say them before the commit, or"
                                + " in a transaction of their own (REQUIRES_NEW)",
                        messages.size(),
                        trouble);
            }
            relay.accept(id, messages);
        }

        private boolean unbind() {
            if (TransactionSynchronizationManager.getResource(TransactionalOutbox.this) != this) {
                return false;
            }
            TransactionSynchronizationManager.unbindResource(TransactionalOutbox.this);
            return true;
        }
    }
}
