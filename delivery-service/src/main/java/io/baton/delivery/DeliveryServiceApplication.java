package io.baton.delivery;

import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.support.SimpleTransactionScope;

/** The delivery service as a process of its own. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class DeliveryServiceApplication {

    public static void main(String[] args) {
        SpringApplication.run(DeliveryServiceApplication.class, args);
    }

    /** A bean of scope {@code transaction} lives as long as the transaction in which it is first asked for. */
    @Bean
    static CustomScopeConfigurer transactionScope() {
        CustomScopeConfigurer scopes = new CustomScopeConfigurer();
        scopes.addScope("transaction", new SimpleTransactionScope());
        return scopes;
    }
}
