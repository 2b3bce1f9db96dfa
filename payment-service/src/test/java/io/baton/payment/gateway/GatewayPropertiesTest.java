package io.baton.payment.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;

class GatewayPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(Configuration.class);

    @EnableConfigurationProperties(GatewayProperties.class)
    static class Configuration {}

    @Test
    void a_missing_address_says_what_to_set() {
        runner.run(context -> {
            GatewayProperties properties = context.getBean(GatewayProperties.class);
            assertThatThrownBy(properties::requiredUrl).isInstanceOfSatisfying(UnfitGatewayUrlException.class, e -> {
                FailureAnalysis analysis = new UnfitGatewayUrlFailureAnalyzer().analyze(e, e);
                assertThat(analysis.getDescription()).contains("missing");
                assertThat(analysis.getAction()).contains("BATON_GATEWAY_URL");
            });
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://gateway", "file:///etc/passwd", "gateway:8090", "http://", "/charges", "http://a b",
                "http://user:secret@gateway", "http://gateway?x=1"
            })
    void what_is_no_address_of_a_server_is_refused_without_repeating_it(String url) {
        runner.withPropertyValues("baton.gateway.url=" + url)
                .run(context -> assertThatThrownBy(
                                context.getBean(GatewayProperties.class)::requiredUrl)
                        .isInstanceOf(UnfitGatewayUrlException.class)
                        .hasMessageNotContaining("secret"));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void a_start_without_it_ends_with_that_sentence(CapturedOutput output) {
        SpringApplication application = new SpringApplication(Configuration.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.addInitializers(context -> ((GenericApplicationContext) context)
                .registerBean(URI.class, () -> context.getBean(GatewayProperties.class).requiredUrl()));

        assertThatThrownBy(() -> application.run("--spring.main.banner-mode=off")).isNotNull();

        assertThat(output).contains("The address of the card gateway is missing.").contains("BATON_GATEWAY_URL");
    }

    @Test
    void an_address_may_have_a_path() {
        runner.withPropertyValues("baton.gateway.url=https://gateway.example/v1/")
                .run(context -> assertThat(
                                context.getBean(GatewayProperties.class).requiredUrl())
                        .hasToString("https://gateway.example/v1/"));
    }

    @Test
    void a_bound_that_makes_no_sense_stops_the_start() {
        runner.withPropertyValues("baton.gateway.parallel-calls=0")
                .run(context -> assertThat(context).hasFailed());
    }
}
