package io.baton.orchestrator;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.baton.messaging.test.ServiceRules;
import org.junit.jupiter.api.Test;

class OrchestratorRulesTest {

    @Test
    void the_house_rules_hold() {
        ServiceRules.check(SagaOrchestratorApplication.class);
    }

    @Test
    void the_machine_is_plain_java() {
        ServiceRules.plainJava("io.baton.orchestrator.saga")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.baton.orchestrator"));
    }
}
