package io.baton.lab.load;

import io.baton.contract.Tsid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sends orders and follows each to its end, on the one thread that calls {@link #run}. Only {@link #ended},
 * {@link #startMeasuring}, {@link #stopSending} and {@link #giveUp} may be called from other threads.
 */
final class OrderTraffic {

    private static final long FIRST_REPEAT_NANOS = Duration.ofMillis(200).toNanos();
    private static final long LONGEST_REPEAT_NANOS = Duration.ofSeconds(2).toNanos();
    /** So much later than its answer an order without an event is asked for, once nothing is sent any more. */
    private static final long ASK_AFTER_NANOS = Duration.ofSeconds(5).toNanos();
    /** At most so many repeats or questions a second, however many are due: no storm on a server that comes back. */
    private static final long REPEAT_SPACING_NANOS = 1_000_000_000L / 250;
    private static final long LONGEST_WAIT_NANOS = Duration.ofMillis(100).toNanos();

    private final LoadOptions options;
    private final OrderMix mix;
    private final HttpLoop http;
    private final Tally tally;
    private final ClientHistory history;
    private final String host;
    private final SplittableRandom random;

    private final Queue<List<OrderEnds.End>> heard = new ConcurrentLinkedQueue<>();
    private final Map<Long, Order> open = new HashMap<>();
    /** Ends whose order's answer has not come yet (or that are another client's), in the order of their arrival. */
    private final LinkedHashMap<Long, OrderEnds.End> early = new LinkedHashMap<>();
    private final PriorityQueue<Order> due =
            new PriorityQueue<>(Comparator.comparingLong(order -> order.nextStepNanos));
    /** Orders that are neither accepted nor given up, the oldest first. */
    private final Set<Order> pending = new LinkedHashSet<>();
    private final Set<Order> asking = new HashSet<>();
    private long startedMeasured;
    private long nextStartNanos;
    private long nextRepeatNanos;
    private long nextSweepNanos;

    private volatile boolean measuring;
    private volatile boolean sending = true;
    private volatile boolean givenUp;

    OrderTraffic(LoadOptions options, OrderMix mix, HttpLoop http, Tally tally, ClientHistory history, String host) {
        this.options = options;
        this.mix = mix;
        this.http = http;
        this.tally = tally;
        this.history = history;
        this.host = host;
        this.random = new SplittableRandom(options.seed() + 1);
    }

    /** Tells of ends. */
    void ended(List<OrderEnds.End> ends) {
        heard.add(ends);
        http.wakeup();
    }

    /** Orders started from now on are measured. */
    void startMeasuring() {
        measuring = true;
    }

    /** No new orders; what is open is followed to its end. */
    void stopSending() {
        sending = false;
        http.wakeup();
    }

    boolean isSending() {
        return sending;
    }

    /** Makes {@link #run} return although orders are open. */
    void giveUp() {
        givenUp = true;
        http.wakeup();
    }

    /** Returns when nothing is sent any more and every order has ended. */
    void run() throws IOException {
        nextStartNanos = System.nanoTime();
        nextRepeatNanos = nextStartNanos;
        nextSweepNanos = nextStartNanos;
        while (!givenUp && (sending || inFlight() > 0)) {
            hear();
            long now = System.nanoTime();
            long wait = Math.min(startDue(now), repeatDue(now));
            tally.waiting.set(inFlight());
            if (now - nextSweepNanos >= 0) {
                nextSweepNanos = now + Duration.ofSeconds(1).toNanos();
                forgetStrangers(now);
                if (!sending) {
                    askForOverdue(now);
                }
            }
            http.turn(heard.isEmpty() ? wait : 0);
        }
        open.values().forEach(order -> history.posted(order, "ok", null, 0));
        pending.forEach(order -> history.posted(order, order.unknown ? "info" : "fail", null, 0));
        tally.waiting.set(inFlight());
    }

    private int inFlight() {
        return open.size() + pending.size();
    }

    /** Starts what is due and says how long until the next start. */
    private long startDue(long now) {
        if (!sending) {
            return LONGEST_WAIT_NANOS;
        }
        if (options.rate() > 0) {
            long interval = (long) (1e9 / options.rate());
            while (sending && nextStartNanos - now <= 0) {
                start(nextStartNanos);
                nextStartNanos += interval;
            }
            return Math.clamp(nextStartNanos - now, 0, LONGEST_WAIT_NANOS);
        }
        while (sending && inFlight() < options.concurrency()) {
            start(System.nanoTime());
        }
        return LONGEST_WAIT_NANOS;
    }

    private void start(long startNanos) {
        OrderMix.Draw draw = mix.draw();
        String key = mix.drawKey();
        Order order = new Order(draw.kind(), key, mix.request(draw, key), startNanos, measuring);
        pending.add(order);
        tally.sent.incrementAndGet();
        if (order.measured && options.orders() > 0 && ++startedMeasured >= options.orders()) {
            sending = false;
        }
        post(order);
    }

    private void post(Order order) {
        order.attempts++;
        http.send(order.request, new HttpLoop.Exchange() {
            @Override
            public void answered(HttpAnswer answer, long nanoTime) {
                OrderTraffic.this.answered(order, answer, nanoTime);
            }

            @Override
            public void failed(boolean sent, long nanoTime) {
                order.unknown |= sent;
                unanswered(order, nanoTime, !sent);
            }
        });
    }

    private void answered(Order order, HttpAnswer answer, long nanoTime) {
        order.status = answer.status();
        order.answeredNanos = nanoTime;
        if (answer.status() / 100 == 2) {
            pending.remove(order);
            order.id = orderId(answer);
            order.nextStepNanos = nanoTime + ASK_AFTER_NANOS;
            tally.accepted(order);
            OrderEnds.End end = early.remove(order.id);
            if (end != null) {
                finish(order, end.completed(), Math.max(end.nanoTime(), nanoTime));
            } else {
                open.put(order.id, order);
                if (random.nextDouble() < options.reads()) {
                    read(order);
                }
            }
        } else if (answer.status() >= 500) {
            order.unknown = true;
            unanswered(order, nanoTime, false);
        } else if (answer.status() == 409 && order.idempotencyKey != null) {
            // An earlier attempt with this key is still being handled.
            repeatLater(order, nanoTime);
        } else {
            tally.rejected.incrementAndGet();
            order.givenUp = true;
            repeatLater(order, nanoTime);
        }
    }

    private void unanswered(Order order, long nanoTime, boolean harmless) {
        tally.unanswered.incrementAndGet();
        order.givenUp = order.idempotencyKey == null && !harmless;
        repeatLater(order, nanoTime);
    }

    /** An order that is given up keeps its place for a while too: a server that says no at once is not flooded. */
    private void repeatLater(Order order, long now) {
        long most = Math.min(FIRST_REPEAT_NANOS << Math.min(order.attempts - 1, 10), LONGEST_REPEAT_NANOS);
        order.nextStepNanos = now + most / 2 + random.nextLong(most / 2);
        due.add(order);
    }

    /** Repeats what is due, within the bound, and says how long until the next one. */
    private long repeatDue(long now) {
        Order next = due.peek();
        if (next == null) {
            return LONGEST_WAIT_NANOS;
        }
        long at = Math.max(next.nextStepNanos, nextRepeatNanos);
        if (at - now > 0) {
            return Math.min(at - now, LONGEST_WAIT_NANOS);
        }
        due.remove();
        if (next.givenUp) {
            pending.remove(next);
            history.posted(next, next.unknown ? "info" : "fail", null, 0);
            return 0;
        }
        nextRepeatNanos = now + REPEAT_SPACING_NANOS;
        tally.repeated.incrementAndGet();
        post(next);
        return 0;
    }

    private void hear() {
        List<OrderEnds.End> ends;
        while ((ends = heard.poll()) != null) {
            for (OrderEnds.End end : ends) {
                Order order = open.remove(end.orderId());
                if (order != null) {
                    finish(order, end.completed(), end.nanoTime());
                } else if (!pending.isEmpty()) {
                    early.putIfAbsent(end.orderId(), end);
                }
            }
        }
    }

    private void finish(Order order, boolean completed, long nanoTime) {
        tally.ended(order, completed, nanoTime);
        history.posted(order, "ok", completed ? "COMPLETED" : "CANCELLED", nanoTime);
        if (random.nextDouble() < options.reads()) {
            read(order);
        }
    }

    /** Ends that came before the oldest unanswered request was sent belong to somebody else. */
    private void forgetStrangers(long now) {
        long oldest = pending.isEmpty() ? now : pending.iterator().next().startNanos;
        var entries = early.values().iterator();
        while (entries.hasNext() && entries.next().nanoTime() - oldest < 0) {
            entries.remove();
        }
    }

    private void askForOverdue(long now) {
        List<Order> overdue = new ArrayList<>();
        for (Order order : open.values()) {
            if (order.nextStepNanos - now < 0 && !asking.contains(order) && overdue.size() < 50) {
                overdue.add(order);
            }
        }
        for (Order order : overdue) {
            order.nextStepNanos = now + ASK_AFTER_NANOS;
            read(order);
        }
    }

    private void read(Order order) {
        asking.add(order);
        long startNanos = System.nanoTime();
        byte[] request = ("GET /orders/" + Tsid.format(order.id) + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        http.send(request, new HttpLoop.Exchange() {
            @Override
            public void answered(HttpAnswer answer, long nanoTime) {
                haveRead(order, answer, startNanos, nanoTime);
            }

            @Override
            public void failed(boolean sent, long nanoTime) {
                haveRead(order, null, startNanos, nanoTime);
            }
        });
    }

    private void haveRead(Order order, @Nullable HttpAnswer answer, long startNanos, long nanoTime) {
        asking.remove(order);
        OrderView view = answer != null && answer.status() == 200 ? OrderView.parse(answer.body()) : null;
        history.read(
                order.id,
                startNanos,
                nanoTime,
                answer == null ? 0 : answer.status(),
                view == null ? null : view.status(),
                view == null ? -1 : view.version());
        if (view != null && view.ended() && !sending && open.containsKey(order.id)
                && nanoTime - order.answeredNanos > ASK_AFTER_NANOS) {
            open.remove(order.id);
            tally.eventsMissing.incrementAndGet();
            finish(order, view.completed(), nanoTime);
        }
    }

    /** From {@code Location: /orders/{orderId}}, which is cheaper to read than the body. */
    private static long orderId(HttpAnswer answer) {
        String location = answer.header("Location");
        if (location == null) {
            return Tsid.parse(OrderView.parse(answer.body()).orderId());
        }
        return Tsid.parse(location.substring(location.lastIndexOf('/') + 1));
    }
}
