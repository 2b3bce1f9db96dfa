package io.baton.orchestrator.execution;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.JdbcOperations;

/** The comparison, where it is asked for. */
@Configuration(proxyBeanMethods = false)
@Profile(DefinitionComparison.PROFILE)
class ComparisonConfiguration {

    @Bean
    DefinitionComparison definitionComparison(JdbcOperations jdbc, SagaDefinitions definitions) {
        return new DefinitionComparison(jdbc, definitions);
    }
}
