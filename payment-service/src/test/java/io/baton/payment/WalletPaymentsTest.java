package io.baton.payment;

import static io.baton.payment.Fixture.eur;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.contract.RefusalCode;
import io.baton.payment.Payment.Status;
import jakarta.persistence.EntityManagerFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.hibernate.SessionFactory;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

@PaymentTest
class WalletPaymentsTest {

    private static final Asker VISITOR = new Asker.Visitor();

    @Autowired
    private Fixture fixture;

    @Autowired
    private PaymentCharging charging;

    @Autowired
    private WalletAccounts accounts;

    @Autowired
    private TransactionTemplate transactions;

    @Autowired
    private EntityManagerFactory factory;

    @Test
    void a_wallet_is_charged_once_however_often_it_is_asked_for() {
        String customer = fixture.customerWith(100);
        ChargeRequest request = fixture.byWallet(customer, 60);

        assertThat(charging.charge(request, VISITOR)).isInstanceOfSatisfying(
                ChargeResult.Charged.class, charged -> assertThat(charged.first()).isTrue());
        assertThat(charging.charge(request, VISITOR)).isInstanceOfSatisfying(
                ChargeResult.Charged.class, charged -> assertThat(charged.first()).isFalse());

        assertThat(fixture.balance(customer)).isEqualTo(40);
        fixture.assertWalletAddsUp(customer);
    }

    @Test
    void too_little_is_a_final_no() {
        String customer = fixture.customerWith(59);
        ChargeRequest request = fixture.byWallet(customer, 60);
        assertRefused(charging.charge(request, VISITOR));

        accounts.credit(customer, eur(1_000));

        assertRefused(charging.charge(request, VISITOR));
        assertThat(fixture.balance(customer)).isEqualTo(1_059);
        assertThat(fixture.status(request.orderId())).isEqualTo(Status.REFUSED);
    }

    @Test
    void a_customer_without_a_wallet_and_one_with_another_currency_have_too_little() {
        assertRefused(charging.charge(fixture.byWallet(Fixture.customer(), 1), VISITOR));

        String american = Fixture.customer();
        accounts.credit(american, new Money(1_000, "USD"));
        assertRefused(charging.charge(fixture.byWallet(american, 1), VISITOR));
        assertThat(fixture.balance(american)).isEqualTo(1_000);
    }

    @Test
    void a_refund_gives_back_once_what_was_taken() {
        String customer = fixture.customerWith(100);
        ChargeRequest request = fixture.byWallet(customer, 60);
        charging.charge(request, VISITOR);

        assertThat(charging.refund(request.orderId(), VISITOR)).isInstanceOf(RefundResult.Refunded.class);
        assertThat(charging.refund(request.orderId(), VISITOR)).isInstanceOf(RefundResult.Refunded.class);

        assertThat(fixture.balance(customer)).isEqualTo(100);
        fixture.assertWalletAddsUp(customer);
        assertThat(charging.charge(request, VISITOR)).isEqualTo(new ChargeResult.Undone());
        assertThat(fixture.balance(customer)).isEqualTo(100);
    }

    @Test
    void a_refund_that_overtakes_its_charge_wins() {
        String customer = fixture.customerWith(100);
        ChargeRequest request = fixture.byWallet(customer, 60);

        assertThat(charging.refund(request.orderId(), VISITOR)).isInstanceOf(RefundResult.Refunded.class);

        assertThat(charging.charge(request, VISITOR)).isEqualTo(new ChargeResult.Undone());
        assertThat(fixture.balance(customer)).isEqualTo(100);
    }

    @Test
    void another_amount_for_the_same_order_is_not_taken() {
        String customer = fixture.customerWith(100);
        ChargeRequest request = fixture.byWallet(customer, 60);
        charging.charge(request, VISITOR);

        ChargeRequest other = new ChargeRequest(request.orderId(), customer, eur(10), request.source());

        assertThat(charging.charge(other, VISITOR)).isEqualTo(new ChargeResult.Different());
        assertThat(fixture.balance(customer)).isEqualTo(40);
    }

    @Test
    void many_at_once_never_take_more_than_there_is() throws Exception {
        String customer = fixture.customerWith(100);
        List<Callable<ChargeResult>> charges = IntStream.range(0, 20)
                .<Callable<ChargeResult>>mapToObj(
                        i -> () -> charging.charge(fixture.byWallet(customer, 10), VISITOR))
                .toList();

        List<ChargeResult> results = inParallel(charges);

        assertThat(results).filteredOn(ChargeResult.Charged.class::isInstance).hasSize(10);
        assertThat(fixture.balance(customer)).isZero();
        fixture.assertWalletAddsUp(customer);
    }

    @Test
    void two_first_credits_make_one_wallet() throws Exception {
        String customer = Fixture.customer();

        inParallel(Collections.nCopies(8, () -> accounts.credit(customer, eur(5))));

        assertThat(fixture.balance(customer)).isEqualTo(40);
        fixture.assertWalletAddsUp(customer);
    }

    @Test
    void batches_that_share_customers_do_not_wait_for_one_another_in_a_circle() throws Exception {
        List<String> customers = IntStream.range(0, 10)
                .mapToObj(i -> fixture.customerWith(1_000_000))
                .toList();
        List<OrderId> charged = charge(customers);
        List<OrderId> chargedToo = charge(customers);
        List<String> reversed = customers.reversed();

        inParallel(List.of(
                () -> chargeAndRefund(customers, charged), () -> chargeAndRefund(reversed, chargedToo.reversed())));

        // Two charges given back, two kept.
        assertThat(customers).allSatisfy(customer -> {
            assertThat(fixture.balance(customer)).isEqualTo(1_000_000 - 2 * 10);
            fixture.assertWalletAddsUp(customer);
        });
    }

    @Test
    void a_batch_locks_with_three_queries_and_changes_a_hot_wallet_once() {
        String hot = fixture.customerWith(100_000);
        String other = fixture.customerWith(100_000);
        List<ChargeRequest> requests = IntStream.range(0, 50)
                .mapToObj(i -> fixture.byWallet(i % 5 == 0 ? other : hot, 10))
                .toList();
        Statistics statistics = factory.unwrap(SessionFactory.class).getStatistics();
        statistics.clear();

        transactions.executeWithoutResult(status -> {
            charging.announceCharges(requests);
            charging.announceRefunds(List.of(fixture.order()));
            requests.forEach(request -> charging.charge(request, VISITOR));
        });

        assertThat(statistics.getEntityUpdateCount()).isEqualTo(2);
        assertThat(statistics.getEntityInsertCount()).isEqualTo(100);
        // Three locks, at most two looks at the sequence, an insert batch for each table and one update batch.
        assertThat(statistics.getPrepareStatementCount()).isLessThanOrEqualTo(8);
        assertThat(fixture.balance(hot)).isEqualTo(100_000 - 400);
    }

    private List<OrderId> charge(List<String> customers) {
        List<OrderId> orders = new ArrayList<>();
        for (String customer : customers) {
            ChargeRequest request = fixture.byWallet(customer, 10);
            charging.charge(request, VISITOR);
            orders.add(request.orderId());
        }
        return orders;
    }

    private Object chargeAndRefund(List<String> customers, List<OrderId> orders) {
        for (int round = 0; round < customers.size(); round++) {
            ChargeRequest charge = fixture.byWallet(customers.get(round), 10);
            OrderId refund = orders.get(orders.size() - 1 - round);
            transactions.executeWithoutResult(status -> {
                charging.announceCharges(List.of(charge));
                charging.announceRefunds(List.of(refund));
                charging.charge(charge, VISITOR);
                charging.refund(refund, VISITOR);
            });
        }
        return customers;
    }

    private static <T> List<T> inParallel(List<? extends Callable<? extends T>> work) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<? extends T>> futures = new ArrayList<>();
            for (Callable<? extends T> one : work) {
                futures.add(threads.submit(one));
            }
            List<T> results = new ArrayList<>();
            for (Future<? extends T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    private static void assertRefused(ChargeResult result) {
        assertThat(result).isInstanceOfSatisfying(ChargeResult.Refused.class, refused -> assertThat(refused.code())
                .isEqualTo(RefusalCode.INSUFFICIENT_FUNDS));
    }
}
