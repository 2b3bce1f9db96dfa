package io.baton.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.lab.simulator.LedgerEntry;
import io.baton.messaging.Ids;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gives each test customers and orders that no other test uses, and looks at what became of them. */
@TestComponent
public class Fixture {

    private static final AtomicInteger CUSTOMERS = new AtomicInteger();

    private final Ids ids;
    private final Clock clock;
    private final WalletAccounts accounts;
    private final PaymentCharging charging;
    private final JdbcClient jdbc;

    Fixture(Ids ids, Clock clock, WalletAccounts accounts, PaymentCharging charging, JdbcClient jdbc) {
        this.ids = ids;
        this.clock = clock;
        this.accounts = accounts;
        this.charging = charging;
        this.jdbc = jdbc;
    }

    public static Money eur(long cents) {
        return new Money(cents, "EUR");
    }

    public static String customer() {
        return "c-" + CUSTOMERS.incrementAndGet();
    }

    public OrderId order() {
        return ids.nextOrderId(clock.instant());
    }

    /** A customer who holds this much. */
    public String customerWith(long cents) {
        String customer = customer();
        accounts.credit(customer, eur(cents));
        return customer;
    }

    public ChargeRequest byWallet(String customer, long cents) {
        return new ChargeRequest(order(), customer, eur(cents), new PaymentSource.FromWallet());
    }

    public ChargeRequest byCard(String token, long cents) {
        return new ChargeRequest(order(), customer(), eur(cents), new PaymentSource.FromCard(token));
    }

    public long balance(String customer) {
        return accounts.find(customer).orElseThrow().balance().minorUnits();
    }

    public Payment.Status status(OrderId orderId) {
        return charging.find(orderId).orElseThrow().status();
    }

    public void awaitStatus(OrderId orderId, Payment.Status status) {
        await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(status(orderId)).isEqualTo(status));
    }

    /** The wallet's balance is what its entries say. */
    public void assertWalletAddsUp(String customer) {
        long entries = jdbc.sql("select coalesce(sum(case kind when 'CHARGE' then -amount_minor else amount_minor end),"
                        + " 0) from wallet_entry where customer_id = ?")
                .param(customer)
                .query(Long.class)
                .single();
        assertThat(balance(customer)).isEqualTo(entries);
    }

    /** One entry of a ledger, ours or the gateway's. */
    public record Booked(String kind, String key, long amountMinor) {}

    /** The gateway has booked these kinds for the order, and we have exactly the same entries. */
    public void assertBookedInBothLedgers(OrderId orderId, String... kinds) {
        List<LedgerEntry> theirs = TestGateway.bookedFor(orderId);
        assertThat(theirs).extracting(entry -> entry.kind().name()).containsExactly(kinds);
        List<Booked> ours = jdbc.sql("select kind, idempotency_key as key, amount_minor from gateway_call"
                        + " where order_id = ? and state = 'DONE' order by kind")
                .param(orderId.value())
                .query(Booked.class)
                .list();
        assertThat(ours)
                .isEqualTo(theirs.stream()
                        .map(entry -> new Booked(entry.kind().name(), entry.idempotencyKey(), entry.amountMinor()))
                        .toList());
    }

    /** A column of the order's call of this kind. */
    public String call(OrderId orderId, ClaimedCall.Kind kind, String column) {
        return jdbc.sql("select " + column + "::text from gateway_call where order_id = ? and kind = ?")
                .param(orderId.value())
                .param(kind.name())
                .query(String.class)
                .single();
    }
}
