package io.baton.payment.gateway;

import io.baton.contract.Money;
import io.baton.payment.CardGateway;
import io.baton.payment.GatewayAnswer;
import io.baton.payment.GatewayAnswer.Undecided;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/**
 * The gateway behind a retry (with the same idempotency key), a circuit breaker, a bulkhead and a time limiter, in this
 * order from outside. Whatever they make of a call, the outcome is at worst unknown.
 */
@Component
@EnableConfigurationProperties(GatewayProperties.class)
class GuardedCardGateway implements CardGateway, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(GuardedCardGateway.class);
    private static final String NAME = "card-gateway";

    private final HttpCardGateway gateway;
    private final Retry retry;
    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;
    private final TimeLimiter limiter;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    GuardedCardGateway(
            GatewayProperties properties,
            RetryRegistry retries,
            CircuitBreakerRegistry breakers,
            BulkheadRegistry bulkheads,
            TimeLimiterRegistry limiters) {
        this.gateway = new HttpCardGateway(properties.requiredUrl(), properties.connectTimeout());
        this.retry = retries.retry(NAME);
        this.breaker = breakers.circuitBreaker(NAME);
        this.bulkhead = bulkheads.bulkhead(NAME);
        this.limiter = limiters.timeLimiter(NAME);
    }

    @Override
    public GatewayAnswer capture(String idempotencyKey, String cardToken, Money amount, String reference) {
        return guarded(() -> gateway.capture(idempotencyKey, cardToken, amount, reference));
    }

    @Override
    public GatewayAnswer refund(String idempotencyKey, String captureKey) {
        return guarded(() -> gateway.refund(idempotencyKey, captureKey));
    }

    private GatewayAnswer guarded(Callable<GatewayAnswer> call) {
        AtomicBoolean mayBeKnown = new AtomicBoolean();
        Callable<GatewayAnswer> noted = () -> {
            boolean before = mayBeKnown.getAndSet(true);
            try {
                return call.call();
            } catch (ConnectException | HttpConnectTimeoutException e) {
                mayBeKnown.set(before);
                throw e;
            }
        };
        try {
            return retry.executeCallable(() -> breaker.executeCallable(() -> bulkhead.executeCallable(
                    () -> limiter.executeFutureSupplier(() -> threads.submit(noted)))));
        } catch (GatewayNonsenseException e) {
            return new Undecided(true, e.getMessage());
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            log.debug("A call to the card gateway is undecided", e);
            return new Undecided(mayBeKnown.get(), null);
        }
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
        gateway.close();
    }
}
