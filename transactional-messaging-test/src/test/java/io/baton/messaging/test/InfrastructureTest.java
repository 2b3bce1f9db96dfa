package io.baton.messaging.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class InfrastructureTest {

    @Test
    void nothing_said_means_auto() {
        assertThat(Infrastructure.requested(new Properties(), Map.of())).isEqualTo(Infrastructure.AUTO);
    }

    @Test
    void the_property_goes_before_the_variable() {
        Properties properties = new Properties();
        Map<String, String> environment = Map.of("BATON_TEST_INFRASTRUCTURE", "docker");
        assertThat(Infrastructure.requested(properties, environment)).isEqualTo(Infrastructure.DOCKER);
        properties.setProperty("baton.test.infrastructure", "embedded");
        assertThat(Infrastructure.requested(properties, environment)).isEqualTo(Infrastructure.EMBEDDED);
    }

    @Test
    void another_word_is_refused_with_the_words_that_are_not() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Infrastructure.requested(new Properties(), Map.of("BATON_TEST_INFRASTRUCTURE", "podman")))
                .withMessageContaining("auto, docker or embedded");
    }
}
