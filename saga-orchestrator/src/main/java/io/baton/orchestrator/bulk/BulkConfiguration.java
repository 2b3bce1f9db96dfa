package io.baton.orchestrator.bulk;

import io.baton.orchestrator.execution.DatabaseTime;
import io.baton.orchestrator.execution.OperatorAudit;
import io.baton.orchestrator.execution.RecurringWork;
import io.baton.orchestrator.execution.SagaInterventions;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the parts together. */
@Configuration(proxyBeanMethods = false)
class BulkConfiguration {

    private static final Duration TURN = Duration.ofMillis(250);

    @Bean
    SagaBulks sagaBulks(
            JdbcOperations jdbc,
            OperatorAudit audit,
            PlatformTransactionManager transactionManager,
            DatabaseTime time) {
        return new SagaBulks(new Bulks(jdbc), audit, new TransactionTemplate(transactionManager), time);
    }

    /** Not while definitions are only compared. */
    @Bean
    @Profile("!compare-definitions")
    RecurringWork bulkWork(
            JdbcOperations jdbc,
            SagaInterventions interventions,
            BulkDeeds deeds,
            PlatformTransactionManager transactionManager,
            DatabaseTime time) {
        BulkWorker worker = new BulkWorker(
                new Bulks(jdbc), interventions, deeds, new TransactionTemplate(transactionManager), time);
        return new RecurringWork("bulks").everyWhileThereIsMore(TURN, worker::takeTurn);
    }
}
