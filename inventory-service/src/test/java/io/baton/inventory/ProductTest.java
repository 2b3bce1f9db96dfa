package io.baton.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.contract.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProductTest {

    private static final Money PRICE = new Money(4_999, "EUR");

    private final Product product = new Product("KEYBOARD", "Keyboard", PRICE);

    @Test
    void stock_goes_from_available_to_reserved_to_shipped_and_adds_up_to_what_was_received() {
        product.receive(10);
        product.reserve(4);
        product.ship(1);
        product.release(2);
        product.receive(5);

        assertThat(product.available()).isEqualTo(13);
        assertThat(product.reserved()).isEqualTo(1);
        assertThat(product.shipped()).isEqualTo(1);
    }

    @Test
    void what_was_shipped_comes_back_as_available_and_no_more_than_that() {
        product.receive(10);
        product.reserve(4);
        product.ship(3);

        product.takeBack(2);

        assertThatThrownBy(() -> product.takeBack(2)).isInstanceOf(IllegalStateException.class);
        assertThat(product.available()).isEqualTo(8);
        assertThat(product.reserved()).isEqualTo(1);
        assertThat(product.shipped()).isEqualTo(1);
    }

    @Test
    void no_more_is_reserved_than_is_available() {
        product.receive(3);

        assertThatThrownBy(() -> product.reserve(4)).isInstanceOf(IllegalStateException.class);

        assertThat(product.available()).isEqualTo(3);
        assertThat(product.reserved()).isZero();
    }

    @Test
    void no_more_is_released_or_shipped_than_is_reserved() {
        product.receive(3);
        product.reserve(1);

        assertThatThrownBy(() -> product.release(2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> product.ship(2)).isInstanceOf(IllegalStateException.class);

        assertThat(product.available()).isEqualTo(2);
        assertThat(product.reserved()).isEqualTo(1);
        assertThat(product.shipped()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void a_quantity_below_one_is_a_mistake(long quantity) {
        assertThatThrownBy(() -> product.receive(quantity)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> product.reserve(quantity)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new StockLine("KEYBOARD", quantity)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void only_a_change_of_name_or_price_counts_as_a_version() {
        assertThat(product.describe("Keyboard", PRICE)).isFalse();
        assertThat(product.version()).isEqualTo(1);

        assertThat(product.describe("Loud keyboard", PRICE)).isTrue();
        assertThat(product.describe("Loud keyboard", new Money(4_999, "USD"))).isTrue();
        assertThat(product.version()).isEqualTo(3);

        product.receive(5);
        assertThat(product.version()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"K", "a.b_c-D9", "0123456789012345678901234567890123456789012345678901234567890123"})
    void letters_digits_dots_underscores_and_hyphens_make_a_sku(String sku) {
        assertThat(Product.isSku(sku)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a b", "a/b", "ä", "a\n", "\0", "٣", "a:b",
                "01234567890123456789012345678901234567890123456789012345678901234"})
    void anything_else_does_not(String sku) {
        assertThat(Product.isSku(sku)).isFalse();
    }
}
