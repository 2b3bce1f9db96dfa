package io.baton.payment.gateway;

import io.baton.payment.CalledGateway;
import io.baton.payment.CardCallsDue;
import io.baton.payment.CardGateway;
import io.baton.payment.CardSettlement;
import io.baton.payment.ClaimedCall;
import io.baton.payment.GatewayAnswer;
import io.baton.payment.GatewayAnswer.NotAsked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Makes the calls to the gateway that are written down, and has their answers recorded. What it knows stands in the
 * database alone: it claims calls when it hears that some are due, and every now and then for those that another
 * process, or this one before a crash, left behind. A crash between call and record makes the same call again, with
 * the same key.
 *
 * <p>One thread claims, one records (as many answers at a time as there are), and each call has a virtual thread.
 */
@Component
class CallDispatcher implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(CallDispatcher.class);
    private static final int MAX_RECORDED_AT_ONCE = 100;
    private static final int MAX_FAILURES = 3;
    private static final Duration PAUSE_IN_TROUBLE = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final DueCalls dueCalls;
    private final CardGateway gateway;
    private final CardSettlement settlement;
    private final GatewayProperties properties;
    private final RetryDelay retryDelay;
    private final Executor threads = task -> Thread.ofVirtual().name("card-call").start(task);
    private final Semaphore slots;
    private final Semaphore wakeUps = new Semaphore(0);
    private final BlockingQueue<CalledGateway> answered = new LinkedBlockingQueue<>();
    private volatile boolean running;
    private volatile @Nullable Thread claiming;
    private volatile @Nullable Thread recording;

    CallDispatcher(
            DueCalls dueCalls, CardGateway gateway, CardSettlement settlement, GatewayProperties properties) {
        this.dueCalls = dueCalls;
        this.gateway = gateway;
        this.settlement = settlement;
        this.properties = properties;
        this.retryDelay =
                new RetryDelay(properties.retryDelayMax(), () -> ThreadLocalRandom.current().nextDouble());
        this.slots = new Semaphore(properties.parallelCalls());
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void look(CardCallsDue committed) {
        wakeUps.release();
    }

    @Override
    public void start() {
        running = true;
        claiming = Thread.ofVirtual().name("card-call-claims").start(this::claimWhileRunning);
        recording = Thread.ofVirtual().name("card-call-answers").start(this::recordWhileRunning);
    }

    /** Waits a little for calls that are under way; what is left is made again by whoever comes next. */
    @Override
    public void stop() {
        running = false;
        wakeUps.release();
        try {
            Thread claims = claiming;
            if (claims != null) {
                claims.join(LAST_WORDS);
            }
            boolean quiet = slots.tryAcquire(
                    properties.parallelCalls(), LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            if (quiet) {
                slots.release(properties.parallelCalls());
            }
            Thread answers = recording;
            if (answers != null) {
                // It ends when it finds nothing more to record.
                answers.join(LAST_WORDS);
                answers.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts before the web server, which takes payments until its own end, and stops after it. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void claimWhileRunning() {
        try {
            while (running) {
                wakeUps.drainPermits();
                slots.acquire();
                if (!running) {
                    slots.release();
                    return;
                }
                int free = 1 + slots.drainPermits();
                int claimed = 0;
                try {
                    claimed = claim(free);
                } finally {
                    slots.release(free - claimed);
                }
                if (claimed < free) {
                    wakeUps.tryAcquire(properties.pollInterval().toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts what is due and says how many calls that were; each of them holds a slot. */
    private int claim(int free) throws InterruptedException {
        int started = 0;
        try {
            List<ClaimedCall> calls = dueCalls.claim(free, properties.lease());
            long now = System.nanoTime();
            for (ClaimedCall call : calls) {
                threads.execute(() -> make(call, now));
                started++;
            }
        } catch (RuntimeException | Error e) {
            log.warn("Calls to the card gateway cannot be looked for ({}); trying again soon", e.toString());
            Thread.sleep(PAUSE_IN_TROUBLE);
        }
        return started;
    }

    private void make(ClaimedCall call, long claimedAtNanos) {
        try (var order = MDC.putCloseable("orderId", call.orderId().toString());
                var saga = MDC.putCloseable("sagaId", sagaOf(call))) {
            GatewayAnswer answer;
            if (call.isNeedless()) {
                answer = new NotAsked();
            } else {
                answer = switch (call.kind()) {
                    case CAPTURE -> gateway.capture(
                            call.idempotencyKey(), call.cardToken(), call.amount(), call.orderId().toString());
                    case REFUND -> gateway.refund(call.idempotencyKey(), call.captureKey());
                };
            }
            // The time is the database's, plus what has passed here since.
            Duration delay = retryDelay.after(call.claim());
            Duration passed = Duration.ofNanos(System.nanoTime() - claimedAtNanos);
            answered.add(new CalledGateway(
                    call, answer, call.claimedAt().plus(passed).plus(delay)));
            if (answer instanceof GatewayAnswer.Undecided) {
                CompletableFuture.delayedExecutor(delay.toMillis() + 1, TimeUnit.MILLISECONDS)
                        .execute(wakeUps::release);
            }
        } finally {
            slots.release();
        }
    }

    /** A command's key begins with the saga's id. */
    private static String sagaOf(ClaimedCall call) {
        String command = call.command();
        return command == null ? "" : command.substring(0, Math.max(0, command.indexOf('/')));
    }

    private void recordWhileRunning() {
        List<CalledGateway> batch = new ArrayList<>();
        try {
            while (running || slots.availablePermits() < properties.parallelCalls() || !answered.isEmpty()) {
                CalledGateway first = answered.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    answered.drainTo(batch, MAX_RECORDED_AT_ONCE - 1);
                    record(List.copyOf(batch));
                    batch.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers that cannot be recorded are asked for again, when the lease is over. */
    private void record(List<CalledGateway> batch) {
        try {
            settlement.record(batch);
        } catch (RuntimeException | Error e) {
            log.warn("{} answers of the gateway cannot be recorded together ({})", batch.size(), e.toString());
            recordSingly(batch);
        }
    }

    /** One of them may be at fault, and must not keep the others. If several are, it is the database. */
    private void recordSingly(List<CalledGateway> batch) {
        int failures = 0;
        for (CalledGateway called : batch) {
            try {
                settlement.record(List.of(called));
            } catch (RuntimeException | Error e) {
                log.warn(
                        "The gateway's answer to {} cannot be recorded ({}); it is asked again",
                        called.call(),
                        e.toString());
                if (++failures == MAX_FAILURES) {
                    return;
                }
            }
        }
    }
}
