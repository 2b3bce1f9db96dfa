package io.baton.messaging.test;

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
        return wanted == null ? null : new Customizer(wanted.database());
    }

    /** Equal for equal database names, so that equal contexts are shared. */
    private record Customizer(String database) implements ContextCustomizer {

        @Override
        public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration merged) {
            Database created = TestInfrastructure.newDatabase(database);
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "real servers",
                            Map.of(
                                    "spring.datasource.url", created.jdbcUrl(),
                                    "spring.datasource.username", created.user(),
                                    "spring.datasource.password", created.password(),
                                    "spring.kafka.bootstrap-servers", TestInfrastructure.bootstrapServers(),
                                    "baton.operator.user", RealServers.OPERATOR,
                                    "baton.operator.password", RealServers.OPERATOR_PASSWORD)));
        }
    }
}
