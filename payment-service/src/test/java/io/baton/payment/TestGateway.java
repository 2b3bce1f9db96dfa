package io.baton.payment;

import io.baton.lab.simulator.LedgerEntry;
import io.baton.lab.simulator.ProviderSimulator;
import java.util.List;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** The simulated gateway that all tests of the whole service share. */
public class TestGateway implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    /** Ends with the JVM. */
    public static final ProviderSimulator SIMULATOR = ProviderSimulator.start(0);

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        TestPropertyValues.of("baton.gateway.url=" + SIMULATOR.url()).applyTo(context);
    }

    /** What the gateway booked for the order, oldest first. */
    public static List<LedgerEntry> bookedFor(Object orderId) {
        return SIMULATOR.ledger().stream()
                .filter(entry -> entry.reference().equals(orderId.toString()))
                .toList();
    }
}
