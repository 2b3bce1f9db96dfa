package io.baton.payment;

import static io.baton.payment.Fixture.eur;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.contract.Money;
import org.junit.jupiter.api.Test;

class WalletTest {

    private final Wallet wallet = new Wallet("c-1", "EUR");

    @Test
    void it_holds_what_was_added_and_not_taken() {
        wallet.add(eur(100));
        wallet.take(eur(40));

        assertThat(wallet.balance()).isEqualTo(eur(60));
        assertThat(wallet.holds(eur(60))).isTrue();
        assertThat(wallet.holds(eur(61))).isFalse();
    }

    @Test
    void it_holds_nothing_of_another_currency() {
        wallet.add(eur(100));

        assertThat(wallet.holds(new Money(1, "USD"))).isFalse();
        assertThatThrownBy(() -> wallet.add(new Money(1, "USD"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void more_than_it_holds_cannot_be_taken() {
        wallet.add(eur(100));

        assertThatThrownBy(() -> wallet.take(eur(101))).isInstanceOf(IllegalStateException.class);
        assertThat(wallet.balance()).isEqualTo(eur(100));
    }

    @Test
    void more_than_can_be_counted_cannot_be_added() {
        wallet.add(eur(Long.MAX_VALUE));

        assertThatThrownBy(() -> wallet.add(eur(1))).isInstanceOf(ArithmeticException.class);
        assertThat(wallet.balance()).isEqualTo(eur(Long.MAX_VALUE));
    }
}
