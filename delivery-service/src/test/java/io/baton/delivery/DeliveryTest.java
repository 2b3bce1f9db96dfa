package io.baton.delivery;

import io.baton.messaging.test.RealServers;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/**
 * A test of the whole service on real servers. All such tests share one running service and its database, so each uses
 * order ids of its own ({@link Fixture}).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "spring.jpa.properties.hibernate.generate_statistics=true"
        })
@RealServers(database = "deliveries")
public @interface DeliveryTest {}
