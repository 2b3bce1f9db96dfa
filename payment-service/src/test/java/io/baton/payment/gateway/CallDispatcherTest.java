package io.baton.payment.gateway;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.payment.CardGateway;
import io.baton.payment.CardSettlement;
import io.baton.payment.ClaimedCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallDispatcherTest {

    /** Nobody else would make the calls of this process, and nobody would hear that it makes none. */
    @Test
    void an_error_ends_neither_the_claiming_nor_the_recording() {
        DueCalls dueCalls = mock(DueCalls.class);
        CardSettlement settlement = mock(CardSettlement.class);
        when(dueCalls.claim(anyInt(), any()))
                .thenThrow(new OutOfMemoryError("as if"))
                .thenReturn(List.of(needless()), List.of(needless()), List.of());
        doThrow(new OutOfMemoryError("as if")).doNothing().when(settlement).record(any());
        CallDispatcher dispatcher = new CallDispatcher(
                dueCalls,
                mock(CardGateway.class),
                settlement,
                new GatewayProperties(
                        null,
                        Duration.ofSeconds(1),
                        4,
                        Duration.ofSeconds(10),
                        Duration.ofMillis(10),
                        Duration.ofSeconds(10)));

        dispatcher.start();
        try {
            // At least one of the answers is recorded after the error.
            verify(settlement, timeout(20_000).atLeast(2)).record(any());
            verify(dueCalls, timeout(20_000).atLeast(4)).claim(anyInt(), any());
        } finally {
            dispatcher.stop();
        }
    }

    /** Is answered without asking the gateway. */
    private static ClaimedCall needless() {
        return new ClaimedCall(
                ClaimedCall.Kind.CAPTURE,
                new OrderId(1),
                "key",
                "key",
                "token",
                new Money(100, "EUR"),
                1,
                false,
                true,
                null,
                Instant.EPOCH);
    }
}
