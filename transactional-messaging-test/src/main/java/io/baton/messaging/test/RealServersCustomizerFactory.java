package io.baton.messaging.test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Turns {@link RealServers} on a test class into properties of its context. */
final class RealServersCustomizerFactory implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> configAttributes) {
        RealServers wanted = TestContextAnnotationUtils.findMergedAnnotation(testClass, RealServers.class);
        return wanted == null ? null : new Customizer(wanted.database(), wanted.strict());
    }

    /** Equal for equal values, so that equal contexts are shared. */
    private record Customizer(String database, boolean strict) implements ContextCustomizer {

        @Override
        public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration merged) {
            OwnedDatabase created = TestInfrastructure.newOwnedDatabase(database);
            Map<String, Object> properties = new HashMap<>();
            properties.put("spring.datasource.url", created.service().jdbcUrl());
            properties.put("spring.datasource.username", created.service().user());
            properties.put("spring.datasource.password", created.service().password());
            properties.put("spring.flyway.user", created.owner().user());
            properties.put("spring.flyway.password", created.owner().password());
            properties.put("spring.kafka.bootstrap-servers", TestInfrastructure.bootstrapServers());
            properties.put("baton.operator.user", RealServers.OPERATOR);
            properties.put("baton.operator.password", RealServers.OPERATOR_PASSWORD);
            properties.put("baton.operators.users[0].name", RealServers.VIEWER);
            properties.put("baton.operators.users[0].password", RealServers.VIEWER_PASSWORD);
            properties.put("baton.operators.users[0].role", "viewer");
            if (strict) {
                properties.put("baton.limits.requests-per-second", "0");
                properties.put("baton.security.jwt.issuer", Tokens.ISSUER);
                properties.put("baton.security.jwt.audience", Tokens.AUDIENCE);
                properties.put("baton.security.jwt.public-key", Tokens.publicKeyLocation());
            } else {
                context.getEnvironment().addActiveProfile("demo");
                properties.put("baton.security.anonymous-viewer", "true");
                properties.put("baton.security.open-endpoints", "health,info,prometheus");
            }
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("real servers", properties));
        }
    }
}
