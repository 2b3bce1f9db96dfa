package io.baton.messaging;

import io.baton.messaging.OutboxRows.Left;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends what transactions outside a consumer had to say, as soon as they have committed, and then deletes their rows: at
 * most one delete for all that was sent in the meantime. Rows that somebody left behind (a crash, a full queue, a broker
 * that was away) are found by their age and sent as well; those from before this one's start come first, since what is said
 * of an order now must not overtake what was said of it then. A row that the broker refuses for good stays, and is tried
 * again now and then; the others go on without it.
 *
 * <p>One thread runs it. A crash between sending and deleting sends a row's messages once more.
 */
final class OutboxRelay implements Runnable, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final int WAITING_MAX = 1_000;

    /** A few megabytes, however large the transactions are. */
    static final int WAITING_MESSAGES_MAX = 4_000;

    private static final int LEFT_ROWS_MAX = 50;
    /** So long what was left before the start goes first. */
    private static final Duration LEFT_FIRST_MAX = Duration.ofMinutes(1);

    /** No process takes over in less time. */
    private static final Duration BEFORE_THE_START = Duration.ofSeconds(1);

    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(2);

    private static final Duration COUNT_INTERVAL = Duration.ofSeconds(10);

    private final BlockingQueue<Flushed> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Semaphore room = new Semaphore(WAITING_MESSAGES_MAX);
    private final OutboxRows rows;
    private final MessageSender sender;
    private final TransactionTemplate transactions;
    private final Duration ageMin;
    private final OutboxBacklog backlog;
    private final List<Long> sent = new ArrayList<>();
    private long sweptAtNanos = System.nanoTime() - SWEEP_INTERVAL.toNanos();
    private long countedAtNanos = System.nanoTime() - COUNT_INTERVAL.toNanos();
    private volatile long startedAtNanos = System.nanoTime();
    private volatile boolean isLeftSent;
    private volatile boolean stopping;

    private record Flushed(long id, List<EncodedMessage> messages) {}

    OutboxRelay(OutboxRows rows, MessageSender sender, TransactionTemplate transactions, Duration ageMin,
            OutboxBacklog backlog) {
        this.rows = rows;
        this.sender = sender;
        this.transactions = transactions;
        this.ageMin = ageMin;
        this.backlog = backlog;
    }

    /** Takes what a transaction has committed. Never waits: what finds no place here is found by its age. */
    void accept(long id, List<EncodedMessage> messages) {
        if (room.tryAcquire(messages.size()) && !waiting.offer(new Flushed(id, messages))) {
            room.release(messages.size());
        }
    }

    /** Runs until {@link #stop}. */
    @Override
    public void run() {
        while (!stopping) {
            try {
                countNowAndThen();
                sendWhatWasLeft();
                sendWaiting();
                sweepNowAndThen();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error e) {
                log.warn("The outbox cannot be sent or cleared yet ({}); its rows stay until they are", e.toString());
                log.debug("The trouble in full", e);
                pause();
            }
        }
        finish();
    }

    /** So that whoever was accepted before the stop need not wait until another instance finds the row. */
    private void finish() {
        try {
            sendWhatWasLeft();
            if (!isLeftSent) {
                return;
            }
            List<Flushed> last = new ArrayList<>();
            waiting.drainTo(last);
            send(last);
            deleteSent();
        } catch (RuntimeException | Error e) {
            log.info("The outbox is left as it is ({}); another instance sends its rows", e.toString());
        }
    }

    /** Makes it ready to run, also once more after it was stopped. */
    void start() {
        stopping = false;
        startedAtNanos = System.nanoTime();
        isLeftSent = false;
    }

    /** Has {@link #run} return once it has sent what it was given. */
    void stop() {
        stopping = true;
    }

    /** Gives the connection to the broker back. */
    @Override
    public void close() {
        sender.close();
    }

    /** After a while without success, what is new need not wait any longer for what cannot be sent. */
    private void sendWhatWasLeft() {
        Duration running = Duration.ofNanos(System.nanoTime() - startedAtNanos);
        if (isLeftSent || running.compareTo(LEFT_FIRST_MAX) > 0) {
            isLeftSent = true;
            return;
        }
        boolean found;
        do {
            // Counted back from the database's time, which gave the rows theirs.
            found = sendLeft(Duration.ofNanos(System.nanoTime() - startedAtNanos).plus(BEFORE_THE_START));
        } while (found && !stopping);
        isLeftSent = !found;
    }

    /** Also while nothing can be sent, which is when somebody wants to know. */
    private void countNowAndThen() {
        long now = System.nanoTime();
        if (now - countedAtNanos >= COUNT_INTERVAL.toNanos()) {
            countedAtNanos = now;
            backlog.tell(rows.backlog());
        }
    }

    private void sendWaiting() throws InterruptedException {
        Flushed first = waiting.poll(sent.isEmpty() ? SWEEP_INTERVAL.toMillis() : 200, TimeUnit.MILLISECONDS);
        if (first == null) {
            deleteSent();
            return;
        }
        List<Flushed> flushed = new ArrayList<>();
        flushed.add(first);
        waiting.drainTo(flushed);
        send(flushed);
        if (sent.size() >= LEFT_ROWS_MAX) {
            deleteSent();
        }
    }

    private void send(List<Flushed> flushed) {
        List<EncodedMessage> messages = new ArrayList<>();
        flushed.forEach(flush -> messages.addAll(flush.messages));
        try {
            backlog.publish(() -> sender.send(messages));
        } finally {
            room.release(messages.size());
        }
        flushed.forEach(flush -> sent.add(flush.id));
    }

    private void deleteSent() {
        if (!sent.isEmpty()) {
            transactions.executeWithoutResult(status -> rows.delete(sent));
            sent.clear();
        }
    }

    private void sweepNowAndThen() {
        if (System.nanoTime() - sweptAtNanos < SWEEP_INTERVAL.toNanos()) {
            return;
        }
        sweptAtNanos = System.nanoTime();
        deleteSent();
        boolean found;
        do {
            // A long outage leaves many rows: no pause between them.
            found = sendLeft(ageMin);
        } while (found && !stopping);
    }

    /** Sends some, and says whether there were any. */
    private boolean sendLeft(Duration age) {
        try {
            return Boolean.TRUE.equals(transactions.execute(status -> {
                List<Left> left = rows.lockLeft(age, LEFT_ROWS_MAX);
                if (!left.isEmpty()) {
                    log.info("Sending {} rows that were left in the outbox", left.size());
                    List<EncodedMessage> messages = new ArrayList<>();
                    left.forEach(row -> messages.addAll(EncodedMessage.unpack(row.records())));
                    backlog.publish(() -> sender.send(messages));
                    rows.delete(left.stream().map(Left::id).toList());
                }
                return !left.isEmpty();
            }));
        } catch (KafkaException e) {
            if (!MessageSender.isRefusal(e)) {
                throw e;
            }
            return sendLeftSingly(age);
        }
    }

    /** The same when one of them is refused and nobody knows which: each in a transaction of its own. */
    private boolean sendLeftSingly(Duration age) {
        int found = 0;
        while (found < LEFT_ROWS_MAX && !stopping && sendNextLeft(age)) {
            found++;
        }
        return found > 0;
    }

    private boolean sendNextLeft(Duration age) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            List<Left> left = rows.lockLeft(age, 1);
            left.forEach(this::sendOrPutOff);
            return !left.isEmpty();
        }));
    }

    private void sendOrPutOff(Left row) {
        try {
            sender.send(EncodedMessage.unpack(row.records()));
            rows.delete(List.of(row.id()));
        } catch (KafkaException e) {
            if (!MessageSender.isRefusal(e)) {
                throw e;
            }
            log.error(
                    "The broker refuses row {} of messaging.outbox for good. It stays and is tried again every few minutes;"
                            + " the other rows go on without it",
                    row.id(),
                    e);
            rows.putOff(row.id());
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping = true;
        }
    }
}
