package io.baton.orchestrator;

import io.baton.orchestrator.execution.DefinitionComparison;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the orchestrator, or compares its definitions with the open sagas and ends. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SagaOrchestratorApplication {

    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(SagaOrchestratorApplication.class);
        if (DefinitionComparison.isWishedBy(args)) {
            DefinitionComparison.only(application);
            System.exit(SpringApplication.exit(application.run(args)));
        }
        application.run(args);
    }
}
