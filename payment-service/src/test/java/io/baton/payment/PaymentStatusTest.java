package io.baton.payment;

import static io.baton.payment.Fixture.eur;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.contract.OrderId;
import io.baton.payment.Payment.Status;
import io.baton.payment.PaymentSource.FromCard;
import io.baton.payment.PaymentSource.FromWallet;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaymentStatusTest {

    private static final Instant NOW = Instant.EPOCH;
    private static final OrderId ORDER = new OrderId(7);

    private final ChargeRequest request = new ChargeRequest(ORDER, "c-1", eur(10), new FromCard("tok_ok"));
    private final Payment payment = Payment.pending(request, "k", NOW);

    @Test
    void a_charge_is_given_back_once() {
        payment.becomeCharged(NOW);
        payment.becomeRefunding(NOW);
        payment.becomeRefunded(NOW.plusSeconds(1));

        assertThat(payment.status()).isEqualTo(Status.REFUNDED);
        assertThat(payment.updatedAt()).isEqualTo(NOW.plusSeconds(1));
        assertThatThrownBy(() -> payment.becomeRefunded(NOW)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void what_was_refused_stays_refused() {
        payment.becomeRefused("CARD_DECLINED", "no", NOW);

        assertThatThrownBy(() -> payment.becomeCharged(NOW)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> payment.becomeRefunding(NOW)).isInstanceOf(IllegalStateException.class);
        assertThat(payment.refusalCode()).isEqualTo("CARD_DECLINED");
    }

    @Test
    void what_was_charged_cannot_be_refused_any_more() {
        payment.becomeCharged(NOW);

        assertThatThrownBy(() -> payment.becomeRefused("CARD_DECLINED", "no", NOW))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void it_is_for_exactly_what_was_asked() {
        assertThat(payment.isFor(request)).isTrue();
        assertThat(payment.isFor(new ChargeRequest(ORDER, "c-1", eur(11), new FromCard("tok_ok")))).isFalse();
        assertThat(payment.isFor(new ChargeRequest(ORDER, "c-2", eur(10), new FromCard("tok_ok")))).isFalse();
        assertThat(payment.isFor(new ChargeRequest(ORDER, "c-1", eur(10), new FromCard("tok_2")))).isFalse();
        assertThat(payment.isFor(new ChargeRequest(ORDER, "c-1", eur(10), new FromWallet()))).isFalse();
    }

    @Test
    void nothing_can_be_charged_for_nothing() {
        assertThatThrownBy(() -> new ChargeRequest(ORDER, "c-1", eur(0), new FromWallet()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
