package io.baton.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class DeliveryPropertiesTest {

    @Configuration
    @EnableConfigurationProperties(DeliveryProperties.class)
    static class Service {}

    private final ApplicationContextRunner service =
            new ApplicationContextRunner().withUserConfiguration(Service.class);

    @Test
    void the_countries_of_the_union_and_three_more_are_served_where_nothing_else_is_said() {
        service.withInitializer(new ConfigDataApplicationContextInitializer())
                .run(context -> assertThat(context.getBean(DeliveryProperties.class).servedCountries())
                        .hasSize(30)
                        .contains("DE", "GR", "GB", "CH", "NO")
                        .doesNotContain("US", "EL", "UK"));
    }

    @Test
    void other_countries_may_be_set() {
        service.withPropertyValues("baton.delivery.served-countries=US,CA").run(context -> {
            DeliveryProperties properties = context.getBean(DeliveryProperties.class);
            assertThat(properties.serves("CA")).isTrue();
            assertThat(properties.serves("DE")).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "DE,UK", "de", "DE,,XX", "Germany", "DEU"})
    void what_is_no_country_stops_the_start_and_says_what_to_set(String countries) {
        service.withPropertyValues("baton.delivery.served-countries=" + countries)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("baton.delivery.served-countries")
                        .hasMessageContaining("ISO 3166-1"));
    }

    @Test
    void no_country_at_all_stops_the_start_too() {
        service.run(context ->
                assertThat(context).getFailure().rootCause().hasMessageContaining("baton.delivery.served-countries"));
    }
}
