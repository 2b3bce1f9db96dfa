package io.baton.order.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.baton.http.ProblemException;
import io.baton.order.OrderWish;
import io.baton.order.PaymentMethod;
import io.baton.order.rest.PlaceOrderJson.DeliveryAddress;
import io.baton.order.rest.PlaceOrderJson.Item;
import io.baton.order.rest.PlaceOrderJson.Payment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceOrderReaderTest {

    private static final Payment WALLET = new Payment(PaymentMethod.WALLET, null);
    private static final DeliveryAddress ADDRESS =
            new DeliveryAddress("Ada", "Street 1", null, "Berlin", "10115", "DE");

    @Test
    void a_good_request_is_taken_as_it_is() {
        OrderWish wish = PlaceOrderReader.read(new PlaceOrderJson(
                "c-1",
                List.of(new Item("A", 1), new Item("B", 1_000)),
                new Payment(PaymentMethod.CARD, "tok_ok"),
                new DeliveryAddress("Zoë 👩‍💻", "Street 1", "c/o Ада", "Łódź", "SW1A 1AA", "GB")));

        assertThat(wish.customerId()).isEqualTo("c-1");
        assertThat(wish.items()).containsExactly(new OrderWish.Item("A", 1), new OrderWish.Item("B", 1_000));
        assertThat(wish.cardToken()).isEqualTo("tok_ok");
        assertThat(wish.deliveryAddress().line2()).isEqualTo("c/o Ада");
    }

    @Test
    void a_hundred_items_are_enough_and_one_more_is_too_many() {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            items.add(new Item("SKU-" + i, 1));
        }
        assertThat(PlaceOrderReader.read(new PlaceOrderJson("c-1", items, WALLET, ADDRESS)).items()).hasSize(100);

        items.add(new Item("SKU-100", 1));
        assertThat(refusal(new PlaceOrderJson("c-1", items, WALLET, ADDRESS))).containsExactly("/items WRONG_NUMBER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a/b", "ä", "a\n", "${jndi:ldap://x}", "<b>", "a\u0000", "\u202Ea"})
    void a_customer_id_is_a_plain_identifier(String id) {
        assertThat(refusal(new PlaceOrderJson(id, List.of(new Item("A", 1)), WALLET, ADDRESS)))
                .containsExactly("/customerId WRONG_FORMAT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "\u001b[31m", "a\u0000", "\u202Eabc", "a\u2028b", "\ud800"})
    void an_address_holds_nothing_that_could_forge_a_line(String name) {
        DeliveryAddress address = new DeliveryAddress(name, "Street 1", name, "Berlin", "10115", "DE");

        assertThat(refusal(new PlaceOrderJson("c-1", List.of(new Item("A", 1)), WALLET, address)))
                .containsExactly("/deliveryAddress/name CONTROL_CHARACTER", "/deliveryAddress/line2 CONTROL_CHARACTER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "D", "DEU", "EN", "", "ZZ", "D\u0415"})
    void a_country_is_one_of_iso_3166(String country) {
        DeliveryAddress address = new DeliveryAddress("Ada", "Street 1", null, "Berlin", "10115", country);

        assertThat(refusal(new PlaceOrderJson("c-1", List.of(new Item("A", 1)), WALLET, address)))
                .containsExactly("/deliveryAddress/country UNKNOWN_COUNTRY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4111111111111111", "4111-1111-1111-1111", "378282246310005"})
    void a_cards_number_is_not_taken_for_a_token(String number) {
        assertThat(refusal(new PlaceOrderJson(
                        "c-1", List.of(new Item("A", 1)), new Payment(PaymentMethod.CARD, number), ADDRESS)))
                .containsExactly("/payment/token CARD_NUMBER");
    }

    @Test
    void texts_are_bounded() {
        DeliveryAddress address = new DeliveryAddress(
                "a".repeat(201), "a".repeat(201), "a".repeat(201), "a".repeat(201), "1".repeat(21), "DE");

        assertThat(refusal(new PlaceOrderJson("c".repeat(65), List.of(new Item("A".repeat(65), 1)), WALLET, address)))
                .containsExactly(
                        "/customerId TOO_LONG",
                        "/items/0/sku TOO_LONG",
                        "/deliveryAddress/name TOO_LONG",
                        "/deliveryAddress/line1 TOO_LONG",
                        "/deliveryAddress/line2 TOO_LONG",
                        "/deliveryAddress/city TOO_LONG",
                        "/deliveryAddress/postalCode TOO_LONG");
    }

    @Test
    void nothing_at_all_is_told_what_is_missing() {
        assertThat(refusal(new PlaceOrderJson(null, null, null, null)))
                .containsExactly(
                        "/customerId REQUIRED", "/items REQUIRED", "/payment REQUIRED", "/deliveryAddress REQUIRED");
    }

    private static List<String> refusal(PlaceOrderJson body) {
        ProblemException problem =
                catchThrowableOfType(ProblemException.class, () -> PlaceOrderReader.read(body));
        assertThat(problem.type().status()).isEqualTo(400);
        return problem.violations().stream()
                .map(violation -> violation.pointer() + " " + violation.code())
                .toList();
    }
}
