package io.baton.inventory;

import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.transaction.support.SimpleTransactionScope;

/** The inventory service as a process of its own. */
@SpringBootApplication
@EnableResilientMethods
@EnableScheduling
public class InventoryServiceApplication {

    public static void main(String[] args) {
        SpringApplication.run(InventoryServiceApplication.class, args);
    }

    /** A bean of scope {@code transaction} lives as long as the transaction in which it is first asked for. */
    @Bean
    static CustomScopeConfigurer transactionScope() {
        CustomScopeConfigurer scopes = new CustomScopeConfigurer();
        scopes.addScope("transaction", new SimpleTransactionScope());
        return scopes;
    }
}
